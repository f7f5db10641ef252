#pragma once
#include "core/augment/recipe.h"
#include "core/base/image.h"

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace graft::augment {

/// Of the finished picture, in pixels.
struct Size {
    int width = 0;
    int height = 0;
};

/// A step that happens to one picture, and the numbers drawn for it.
struct DrawnStep {
    std::size_t position = 0; ///< in the recipe
    const OpSpec* op = nullptr;
    Drawn drawn;

    bool operator==(const DrawnStep&) const = default;
};

/// Applies steps to the centre crop of `source`, in order: geometry that stands together as one warp from
/// `source`, tables as one table. Each step by itself is defined at its op. Requires out.size() to be
/// width * height * 3 and a source of at least one pixel.
void applySteps(const Image& source, std::span<const DrawnStep> steps, const Border& border, Size size,
                std::span<std::uint8_t> out);

/// A recipe ready for many pictures. Every draw is a function of the key and of the step's position, so a
/// picture's copy is the same bytes in the preview and in training, in any order and on any thread.
class Pipeline
{
public:
    /// Throws Error where the recipe is not valid. Requires a positive size.
    Pipeline(Recipe recipe, Size size);
    Pipeline(Pipeline&&) noexcept;
    Pipeline& operator=(Pipeline&&) noexcept;
    ~Pipeline();

    const Recipe& recipe() const;
    Size size() const;

    /// What happens to the picture of that key (key.op is not used).
    std::vector<DrawnStep> draw(const DrawKey& key) const;

    /// `source` is the picture at training size, as imaging::withSurroundings() makes it (its shorter side is
    /// PreprocessSpec::resize): what is wanted is its centre crop, and ops see what lies around. With nothing
    /// to do the crop is copied, which gives imaging::preprocess()'s bytes. May be called by several threads
    /// at once. Memory is kept and used again: once each thread has had some pictures nothing is allocated
    /// any more, but for what libjpeg-turbo takes and gives back inside the JPEG op. Requires as
    /// applySteps().
    void apply(const Image& source, const DrawKey& key, std::span<std::uint8_t> out) const;
    Image apply(const Image& source, const DrawKey& key) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// One picture of many.
struct Task {
    const Image* source = nullptr;
    DrawKey key;
    std::span<std::uint8_t> out;
};

/// All of them on up to `threads` threads; the bytes do not depend on how many. A stop request leaves out
/// those that were not begun.
void applyAll(const Pipeline& pipeline, std::span<const Task> tasks, int threads, std::stop_token stop = {});

} // namespace graft::augment
