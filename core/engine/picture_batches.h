#pragma once
#include "core/base/image.h"
#include "core/base/preprocess_spec.h"
#include "core/base/progress.h"
#include "core/engine/classifier.h"
#include "core/neural/interpreter.h"

#include <functional>
#include <stop_token>

namespace graft::engine {

/// What a pass over picture files took.
struct PassReport {
    std::vector<PictureProblem> problems; ///< in the order of the files
    bool stopped = false;
    double decodeSeconds = 0.0; ///< by the clock: read, decode, resize
    double networkSeconds = 0.0; ///< by the clock: inside `each`
};

/// What is made of each picture file for the network: one picture or several.
struct PictureMaker {
    std::size_t bytes = 0; ///< of one picture: height * width * 3
    std::size_t perFile = 1;
    /// Writes the `perFile` pictures, one after the other. Any thread, several at once.
    std::function<void(std::size_t file, const Image& decoded, std::span<std::uint8_t> out)> make;
};

/// The one picture that answers are given on: imaging::preprocess().
PictureMaker plainPictures(const PreprocessSpec& spec);

/// Called with pictures that could be read: their positions (file * perFile + which of them, in `files`) and
/// their pixels, one after the other.
using BatchSink = std::function<void(std::span<const std::size_t> positions, const neural::Batch& batch)>;

/// Reads files in order and hands them on in batches, ready for the network. Decoding uses every processor
/// and so does the network, in turn: on the machines this is for, that is as fast as overlapping them and
/// needs no second set of threads. Unreadable files become problems. Progress counts files. Throws what
/// `each` throws.
PassReport forEachBatch(const std::vector<std::filesystem::path>& files, const PictureMaker& maker,
                        const Progress& first, const ProgressSink& progress, std::stop_token stop,
                        const BatchSink& each);

} // namespace graft::engine
