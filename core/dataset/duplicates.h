#pragma once
#include "core/dataset/dataset.h"

#include <span>

namespace graft::dataset {

/// Finds what is the same or nearly the same, in about n log n steps:
/// - the same content under several labels: all are taken out of the dataset, with a Problem for each;
/// - the same content several times in a class, or pictures that look nearly the same: kept, in one group.
/// Sets Picture::group (numbered by first appearance) and appends to dataset.problems. signatures[i] belongs
/// to dataset.pictures[i]; pictures whose signature is empty or of another size have no near duplicates.
void groupDuplicates(Dataset& dataset, std::vector<std::vector<std::uint8_t>> signatures);

/// Do two pictures look nearly the same, by their tiny grey versions? Pictures without structure (blank,
/// black) never do: a class of empty frames would else become one group.
bool looksNearlySame(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

} // namespace graft::dataset
