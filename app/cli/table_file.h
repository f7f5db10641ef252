#pragma once
#include "core/engine/classifier.h"

namespace graft::cli {

/// Answers as a table for a spreadsheet: RFC 4180 (lines end in CR LF, fields quoted where they must be), a
/// header `path,class,probability,rejected` and one column with the probability of each class. `class` is
/// empty where the answer is "none of these". Written atomically. Throws Error.
void writeTable(const std::filesystem::path& file, const std::vector<std::string>& classes,
                const std::vector<engine::Prediction>& predictions);

} // namespace graft::cli
