#include "core/engine/training_view.h"

#include "core/base/file.h"
#include "core/imaging/decode.h"
#include "core/imaging/resize.h"

#include <algorithm>
#include <charconv>

namespace graft::engine {

namespace {

/// The first 32 bits of the content's hash: pictures with the same content are augmented alike.
std::uint32_t keyOf(const std::string& sha256)
{
    std::uint32_t key = 0;
    std::from_chars(sha256.data(), sha256.data() + std::min<std::size_t>(8, sha256.size()), key, 16);
    return key;
}

} // namespace

TrainingView::TrainingView(const PreprocessSpec& preprocess, augment::Recipe recipe, std::uint64_t seed)
    : m_preprocess(preprocess)
    , m_pipeline(std::move(recipe), {preprocess.crop, preprocess.crop})
    , m_seed(seed)
{
}

std::size_t TrainingView::bytes() const
{
    const auto side = static_cast<std::size_t>(m_preprocess.crop);
    return side * side * 3;
}

TrainingPicture TrainingView::prepare(const Image& decoded, const std::string& sha256) const
{
    return {imaging::withSurroundings(decoded, m_preprocess), keyOf(sha256)};
}

TrainingPicture TrainingView::read(const std::filesystem::path& file) const
{
    const std::string content = imaging::readPicture(file);
    return prepare(imaging::decode(content, file.filename().string()), sha256(content));
}

DrawKey TrainingView::key(const TrainingPicture& picture, std::uint32_t copy) const
{
    return {.seed = m_seed, .sample = picture.key, .copy = copy, .op = 0};
}

void TrainingView::write(const TrainingPicture& picture, std::uint32_t copy,
                         std::span<std::uint8_t> out) const
{
    if (copy == 0)
        augment::applySteps(picture.base, {}, {}, m_pipeline.size(), out);
    else
        m_pipeline.apply(picture.base, key(picture, copy), out);
}

Image TrainingView::copy(const TrainingPicture& picture, std::uint32_t copy) const
{
    Image image {m_preprocess.crop, m_preprocess.crop, std::vector<std::uint8_t>(bytes())};
    write(picture, copy, image.rgb);
    return image;
}

std::vector<std::string> TrainingView::describe(const TrainingPicture& picture, std::uint32_t copy) const
{
    std::vector<std::string> lines;
    if (copy == 0)
        return lines;
    for (const augment::DrawnStep& step : m_pipeline.draw(key(picture, copy)))
        lines.push_back(augment::describe(*step.op, step.drawn));
    return lines;
}

std::string TrainingView::fingerprint() const
{
    return std::to_string(m_preprocess.resize) + "|" + std::to_string(m_preprocess.crop) + "|"
        + std::to_string(static_cast<int>(m_preprocess.interpolation)) + "|" + std::to_string(m_seed) + "|"
        + augment::toJson(recipe());
}

} // namespace graft::engine
