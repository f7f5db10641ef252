#pragma once
#include "core/augment/pipeline.h"
#include "core/base/image.h"
#include "core/base/preprocess_spec.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace graft::engine {

/// A picture ready for its copies to be made.
struct TrainingPicture {
    Image base; ///< at training size, with what lies around the crop
    std::uint32_t key = 0; ///< what its draws hang on, besides the seed: its content
};

/// What training sees of a picture: the one place where that is made, so that the preview shows, and a folder
/// of copies holds, the very bytes that a network learns from. Copy 0 is the picture as it is; copy k is the
/// k-th random draw of the recipe, the same each time. Thread-safe.
class TrainingView
{
public:
    /// Throws Error where the recipe is not valid.
    TrainingView(const PreprocessSpec& preprocess, augment::Recipe recipe, std::uint64_t seed);

    const PreprocessSpec& preprocess() const { return m_preprocess; }

    const augment::Recipe& recipe() const { return m_pipeline.recipe(); }

    /// Of one copy: crop * crop * 3.
    std::size_t bytes() const;

    /// `sha256` is that of the file's content.
    TrainingPicture prepare(const Image& decoded, const std::string& sha256) const;

    /// Reads the file. Throws PictureError.
    TrainingPicture read(const std::filesystem::path& file) const;

    /// Copy 0 is imaging::preprocess() of what was decoded. Requires out.size() == bytes().
    void write(const TrainingPicture& picture, std::uint32_t copy, std::span<std::uint8_t> out) const;
    Image copy(const TrainingPicture& picture, std::uint32_t copy) const;

    /// What happens to that copy: "Rotate 12°".
    std::vector<std::string> describe(const TrainingPicture& picture, std::uint32_t copy) const;

    /// Everything that decides the bytes of a copy besides the picture; of copy 0 as well.
    std::string fingerprint() const;

private:
    DrawKey key(const TrainingPicture& picture, std::uint32_t copy) const;

    PreprocessSpec m_preprocess;
    augment::Pipeline m_pipeline;
    std::uint64_t m_seed;
};

/// The random seed of a plan that names none, and of the preview.
constexpr std::uint64_t usualSeed = 1;

} // namespace graft::engine
