#pragma once
#include "core/dataset/scan.h"
#include "core/dataset/walk.h"

namespace graft::dataset {

/// A file that may be a picture, and the class it belongs to.
struct LabelledFile {
    FoundFile file;
    std::string label;
};

struct Labelling {
    std::vector<LabelledFile> files; ///< by class, then path; each real file once in a class
    std::vector<Problem> problems; ///< files without a class, and files that are certainly no pictures
    std::vector<std::string> classes; ///< all that were named, also those without files; by name
};

/// Which class each file of `walk` belongs to. Throws Error where the folder holds nothing to tell it by.
Labelling label(const std::filesystem::path& root, const Walk& walk, const ScanOptions& options);

/// The part of a file name that names the class: up to the first digit, '.', '_', '-' or space.
std::string namePrefix(std::string_view fileName);

/// A line of the label file.
struct LabelRow {
    std::string file;
    std::string label;
};

/// Lines of `file,label` (RFC 4180: quotes, doubled quotes, line breaks in quotes; also ';' and tabs between
/// the two, any line end, a byte order mark). A first line of titles is passed over. Throws Error with `name`
/// and the line where one has no label.
std::vector<LabelRow> parseLabels(std::string_view text, const std::string& name);

} // namespace graft::dataset
