#include "core/imaging/inspect.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>

namespace graft::imaging {

namespace {

constexpr int side = 32;

/// Grey values of side x side area means.
cv::Mat tinyGrey(const Image& image)
{
    // OpenCV has no read-only matrix; nothing here writes to it.
    const cv::Mat rgb(image.height, image.width, CV_8UC3,
                      const_cast<std::uint8_t*>(image.rgb.data())); // NOLINT
    cv::Mat grey;
    cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
    cv::Mat tiny;
    cv::resize(grey, tiny, {side, side}, 0, 0, cv::INTER_AREA);
    return tiny;
}

} // namespace

std::uint64_t perceptualHash(const Image& image)
{
    cv::Mat values;
    tinyGrey(image).convertTo(values, CV_32F);
    cv::Mat spectrum;
    cv::dct(values, spectrum);
    std::array<float, 64> low {};
    for (int y = 0; y < 8; ++y)
        std::copy_n(spectrum.ptr<float>(y), 8, low.begin() + y * 8);
    // The first coefficient is the mean brightness and would pull the median.
    std::array<float, 63> sorted {};
    std::copy(low.begin() + 1, low.end(), sorted.begin());
    std::ranges::nth_element(sorted, sorted.begin() + sorted.size() / 2);
    const float median = sorted[sorted.size() / 2];
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < low.size(); ++i)
        hash |= static_cast<std::uint64_t>(low[i] > median ? 1 : 0) << i;
    return hash;
}

std::vector<std::uint8_t> signature(const Image& image)
{
    const cv::Mat tiny = tinyGrey(image);
    return {tiny.datastart, tiny.dataend};
}

} // namespace graft::imaging
