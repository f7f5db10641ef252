#!/usr/bin/env bash
# Does augmentation help where pictures are few? Fine-tunes EfficientNet-Lite0 on 20 pictures of each class, drawn by
# the seed, with and without the gentle preset, and measures on all pictures that were not drawn. Prints a table;
# asserts nothing. Takes about half an hour on two cores.
#   augmentation_effect.sh GRAFT_CLI FOLDER [SEEDS] [EPOCHS]     FOLDER holds one folder of pictures for each class
set -euo pipefail
cli=$(realpath "$1")
pictures=$(realpath "$2")
seeds=${3:-5}
epochs=${4:-8}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Of each class 20 pictures to learn from and 5 that choose the epoch; the rest to measure on.
share_out() { # SEED
    local class
    for class in "$pictures"/*/; do
        class=$(basename "$class")
        mkdir -p "$work/$1/few/$class" "$work/$1/rest/$class"
        find "$pictures/$class" -type f | sort | shuf --random-source=<(yes "$1-$class") > "$work/order"
        head -n 25 "$work/order" | xargs -d '\n' ln -s -t "$work/$1/few/$class"
        tail -n +26 "$work/order" | xargs -d '\n' ln -s -t "$work/$1/rest/$class"
    done
}

correct() { # SEED RECIPE
    "$cli" train "$work/$1/few.graft" --strategy finetune --recipe "$2" --epochs "$epochs" --patience 0 \
        --seed "$1" --quiet > "$work/train.log" 2>&1
    "$cli" evaluate "$work/$1/few.graft" --on "$work/$1/rest" --json --quiet > "$work/score.json"
    sed -n 's/^ *"\(correct\|total\)": *\([0-9]*\),*$/\2/p' "$work/score.json" | head -n 2 | paste -sd' '
}

printf '%-6s %22s %22s\n' seed "without augmentation" "gentle_photo"
sum_without=0 sum_with=0 all=0
for seed in $(seq "$seeds"); do
    share_out "$seed"
    "$cli" import "$work/$seed/few" --project "$work/$seed/few.graft" --split 80,20,0 --seed "$seed" --quiet \
        > "$work/import.log" 2>&1
    read -r without total < <(correct "$seed" none)
    read -r with _ < <(correct "$seed" gentle_photo)
    printf '%-6s %16s of %s %16s of %s\n' "$seed" "$without" "$total" "$with" "$total"
    sum_without=$((sum_without + without)) sum_with=$((sum_with + with)) all=$((all + total))
done
awk -v a="$sum_without" -v b="$sum_with" -v n="$all" \
    'BEGIN { printf "%-6s %20.1f %% %20.1f %%\n", "all", 100 * a / n, 100 * b / n }'
