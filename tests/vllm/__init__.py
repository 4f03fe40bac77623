"""Our client, prompts and `gui-agent serve` against a real vLLM on the CPU: `make test-vllm`."""
