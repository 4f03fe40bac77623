"""vLLM, set up right for the GLM-V models: its command line, our chat template, its start."""
