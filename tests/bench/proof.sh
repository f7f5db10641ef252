#!/usr/bin/env bash
# Does Graft reach what it promises on real pictures? Prints a Markdown table of measured accuracies, row by row as
# they come; asserts nothing. All of it takes hours on two cores: name the parts that you want.
#   proof.sh BUILD DATA WORK [PART...]
# BUILD: a build folder with graft-cli and bench_cross_validation (ninja graft-cli bench_cross_validation).
# DATA: holds the folders cats_dogs, flowers, chest_xray and mnist, each with a sub-folder for each class.
# WORK: where projects and pictures are put; what is there already is used again.
# PART: cats_dogs, flowers, chest_xray, mnist (linear and svm, five-fold cross-validated; advise), flowers_finetune
#       (against linear, six splits with many test pictures), fashion (6,000 pictures to learn from, 2,000 others to
#       measure on: linear, finetune, scratch; advise). Without a PART: all of them.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
cli=$(realpath "$1")/graft-cli
bench=$(realpath "$1")/tests/bench/bench_cross_validation
data=$(realpath "$2")
mkdir -p "$3"
work=$(realpath "$3")
parts=("${@:4}")
[ ${#parts[@]} -gt 0 ] || parts=(cats_dogs flowers chest_xray mnist flowers_finetune fashion)

row() { # PICTURES WHAT CORRECT TOTAL SECONDS: with the Wilson interval at 95 %
    awk -v pictures="$1" -v what="$2" -v c="$3" -v n="$4" -v s="$5" 'BEGIN {
        z = 1.959964; p = c / n; d = 1 + z * z / n
        middle = (p + z * z / (2 * n)) / d
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
        printf "| %s | %s | %.1f %% | %d of %d | %.1f to %.1f %% | %s |\n", pictures, what, 100 * p, c, n,
            100 * (middle - half), 100 * (middle + half), s }'
}

project() { # NAME FOLDER IMPORT-OPTIONS...
    [ -e "$work/$1.graft/project.sqlite" ] ||
        "$cli" import "$2" --project "$work/$1.graft" --quiet "${@:3}" > "$work/import.log" 2>&1
}

field() { # FILE KEY: the first such number or word of a JSON object over several lines
    sed -n "s/^ *\"$2\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},*\$/\1/p" "$1" | head -n 1
}

advise() { # NAME
    "$cli" advise "$work/$1.graft" --json --quiet > "$work/advise.json"
    printf '| %s | advise: recommends %s | | | | %.0f |\n' "$1" "$(field "$work/advise.json" recommended)" \
        "$(sed -n 's/^  "seconds": *\([0-9.e+]*\),*$/\1/p' "$work/advise.json")"
}

folds() { # NAME
    "$bench" "$data/$1" all > "$work/folds-$1.txt"
    local what correct total
    while IFS=$'\t' read -r what correct total; do
        row "$1" "$what, five folds" "$correct" "$total" ""
    done < <(sed -n "s/^$1, \(.*\): [0-9.]* % (\([0-9]*\) of \([0-9]*\) right.*/\1\t\2\t\3/p" "$work/folds-$1.txt")
    project "$1" "$data/$1"
    advise "$1"
}

# Trains; sets `correct`, `total` and `seconds`.
measure() { # PROJECT ON TRAIN-OPTIONS...
    "$cli" train "$work/$1.graft" --json --quiet "${@:3}" > "$work/train.json"
    "$cli" evaluate "$work/$1.graft" --run "$(field "$work/train.json" run)" --on "$2" --json --quiet \
        > "$work/score.json"
    correct=$(field "$work/score.json" correct)
    total=$(field "$work/score.json" total)
    seconds=$(printf '%.0f' "$(field "$work/train.json" seconds)")
}

flowers_finetune() {
    local how seed right all took
    for how in linear finetune "finetune --recipe gentle_photo"; do
        right=0 all=0 took=0
        for seed in 1 2 3 4 5 6; do
            project "flowers-$seed" "$data/flowers" --split 50,10,40 --seed "$seed"
            # shellcheck disable=SC2086 # the recipe is an option of its own
            measure "flowers-$seed" test --strategy $how --seed "$seed"
            right=$((right + correct)) all=$((all + total)) took=$((took + seconds))
        done
        row flowers "$how, six splits, 40 % to test on" "$right" "$all" "$took"
    done
}

fashion() {
    [ -d "$work/fashion" ] || "$here/fashion_mnist.py" "$work/fashion" > "$work/fashion.log"
    project fashion "$work/fashion/training" --split 90,10,0
    local options
    for options in "--strategy linear" "--strategy finetune --epochs 3" \
        "--strategy scratch --init random --input-size 64 --epochs 10"; do
        # shellcheck disable=SC2086 # the words are options
        measure fashion "$work/fashion/test" $options
        row Fashion-MNIST "${options#--strategy }" "$correct" "$total" "$seconds"
    done
    advise fashion
}

printf '| pictures | what | right | of | 95 %% interval | seconds |\n|---|---|---|---|---|---|\n'
for part in "${parts[@]}"; do
    case $part in
    cats_dogs | flowers | chest_xray | mnist) folds "$part" ;;
    flowers_finetune | fashion) "$part" ;;
    *)
        echo "proof.sh: there is no part $part. Choose from cats_dogs, flowers, chest_xray, mnist, flowers_finetune" \
            "and fashion." >&2
        exit 2
        ;;
    esac
done
