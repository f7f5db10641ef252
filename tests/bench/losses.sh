#!/usr/bin/env bash
# Does every loss learn with every optimizer as the strategy sets them? Prints the right answers of each pair in
# the test sides of several splits of one folder. Asserts nothing. Takes minutes on two cores with `linear`.
#   losses.sh GRAFT_CLI FOLDER [SEEDS] [STRATEGY [OPTION...]]     FOLDER holds one folder of pictures for each class
set -euo pipefail
cli=$(realpath "$1")
pictures=$(realpath "$2")
seeds=${3:-3}
strategy=${4:-linear}
options=("${@:5}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for seed in $(seq "$seeds"); do
    "$cli" import "$pictures" --project "$work/$seed.graft" --split 60,20,20 --seed "$seed" --quiet \
        > "$work/import.log" 2>&1
done
printf '%-14s %-8s %18s\n' loss optimizer right
for loss in cross_entropy mse mae cosine; do
    for optimizer in sgd rmsprop adagrad adamw; do
        sum=0 all=0
        for seed in $(seq "$seeds"); do
            "$cli" train "$work/$seed.graft" --strategy "$strategy" --loss "$loss" --optimizer "$optimizer" \
                --json --quiet ${options[@]+"${options[@]}"} > "$work/run.json"
            "$cli" evaluate "$work/$seed.graft" --json --quiet > "$work/score.json"
            read -r right total < <(sed -n 's/^ *"\(correct\|total\)": *\([0-9]*\),*$/\2/p' "$work/score.json" \
                | head -n 2 | paste -sd' ')
            sum=$((sum + right)) all=$((all + total))
        done
        awk -v l="$loss" -v o="$optimizer" -v r="$sum" -v t="$all" \
            'BEGIN { printf "%-14s %-8s %5d of %d, %.1f %%\n", l, o, r, t, 100 * r / t }'
    done
done
