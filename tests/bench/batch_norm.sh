#!/usr/bin/env bash
# Does fine-tuning survive small batches? Fine-tunes EfficientNet-Lite0 on 20 pictures of each class at batch 4 and at
# batch 32, with the statistics of batch norm as the strategy has them (frozen) and with those of each batch, and prints
# the right answers of the pictures that were not drawn. Asserts nothing. Takes about 20 minutes on two cores.
#   batch_norm.sh GRAFT_CLI FOLDER [EPOCHS] [SEED]     FOLDER holds one folder of pictures for each class
set -euo pipefail
cli=$(realpath "$1")
pictures=$(realpath "$2")
epochs=${3:-8}
seed=${4:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for class in "$pictures"/*/; do
    class=$(basename "$class")
    mkdir -p "$work/few/$class" "$work/rest/$class"
    find "$pictures/$class" -type f | sort | shuf --random-source=<(yes "$seed-$class") > "$work/order"
    head -n 25 "$work/order" | xargs -d '\n' ln -s -t "$work/few/$class" # 5 of them are for validation
    tail -n +26 "$work/order" | xargs -d '\n' ln -s -t "$work/rest/$class"
done
"$cli" import "$work/few" --project "$work/few.graft" --split 80,20,0 --seed "$seed" --quiet > "$work/import.log" 2>&1

printf '%-12s %6s %14s\n' statistics batch right
for statistics in frozen batch; do
    for batch in 32 4; do
        "$cli" train "$work/few.graft" --strategy finetune --batch-norm "$statistics" --batch "$batch" \
            --epochs "$epochs" --patience 0 --seed "$seed" --quiet > "$work/train.log" 2>&1
        "$cli" evaluate "$work/few.graft" --on "$work/rest" --json --quiet > "$work/score.json"
        read -r right total < <(sed -n 's/^ *"\(correct\|total\)": *\([0-9]*\),*$/\2/p' "$work/score.json" \
            | head -n 2 | paste -sd' ')
        awk -v s="$statistics" -v b="$batch" -v r="$right" -v t="$total" \
            'BEGIN { printf "%-12s %6d %6d of %d, %.1f %%\n", s, b, r, t, 100 * r / t }'
    done
done
