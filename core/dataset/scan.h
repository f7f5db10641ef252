#pragma once
#include "core/base/progress.h"
#include "core/dataset/dataset.h"

#include <functional>
#include <stop_token>

namespace graft::dataset {

/// What is known of one picture file after reading it once.
struct Inspection {
    int width = 0; ///< as shown, after the EXIF turn
    int height = 0;
    std::string sha256;
    std::uint64_t perceptualHash = 0;
    std::vector<std::uint8_t>
        signature; ///< a tiny grey picture, the same size for all: settles what the hash suggests
};

/// Reads one file. Called from several threads at once. Throws PictureError.
using Inspect = std::function<Inspection(const std::filesystem::path&)>;

enum class LabelSource {
    Auto, ///< sub-folders; where there are none, `labels.csv` in the folder; else an Error that says what to
          ///< do
    Folders, ///< each top folder is a class, whatever is nested in it
    NamePrefix, ///< the file name up to the first digit, '.', '_', '-' or space: cat.12.jpg is "cat"
    OneClass, ///< all pictures are one class, named like the folder
    Csv, ///< ScanOptions::labelFile, lines of `file,label`
};

struct ScanOptions {
    LabelSource labels = LabelSource::Auto;
    std::filesystem::path labelFile;
    int threads = 1;
};

struct ScanResult {
    Dataset dataset; ///< groups are set, sides are not
    bool stopped = false; ///< what was read before the stop is kept
};

/// Reads a folder of pictures. Whatever is wrong with single files becomes a Problem and ends nothing; throws
/// Error only where there is nothing to work with (no folder, no right to read it, no picture at all).
/// Hidden files and folders are passed over. Symbolic links are followed; each real folder is read once.
ScanResult scan(const std::filesystem::path& folder, const ScanOptions& options, const Inspect& inspect,
                const ProgressSink& progress, std::stop_token stop);

} // namespace graft::dataset
