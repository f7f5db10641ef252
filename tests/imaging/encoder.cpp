#include "encoder.h"

#include <memory>
#include <vips/vips.h>

namespace encoder {

namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};

using Pointer = std::unique_ptr<VipsImage, Unref>;

Pointer wrap(const std::vector<unsigned char>& pixels, int width, int height, int bands,
             VipsInterpretation interpretation)
{
    const Pointer memory(vips_image_new_from_memory_copy(pixels.data(), pixels.size(), width, height, bands,
                                                         VIPS_FORMAT_UCHAR));
    VipsImage* copy = nullptr;
    vips_copy(memory.get(), &copy, "interpretation", interpretation, nullptr);
    return Pointer(copy);
}

std::string write(VipsImage* image, const std::string& suffix)
{
    void* data = nullptr;
    std::size_t size = 0;
    if (vips_image_write_to_buffer(image, suffix.c_str(), &data, &size, nullptr) != 0) {
        vips_error_clear();
        return {};
    }
    std::string bytes(static_cast<const char*>(data), size);
    g_free(data);
    return bytes;
}

} // namespace

std::string encode(const graft::Image& image, const std::string& suffix)
{
    return write(wrap(image.rgb, image.width, image.height, 3, VIPS_INTERPRETATION_sRGB).get(), suffix);
}

std::string animate(const std::vector<graft::Image>& frames, const std::string& suffix)
{
    graft::Image all {frames[0].width, 0, {}};
    for (const auto& frame : frames) {
        all.height += frame.height;
        all.rgb.insert(all.rgb.end(), frame.rgb.begin(), frame.rgb.end());
    }
    const Pointer image = wrap(all.rgb, all.width, all.height, 3, VIPS_INTERPRETATION_sRGB);
    vips_image_set_int(image.get(), VIPS_META_PAGE_HEIGHT, frames[0].height);
    return write(image.get(), suffix);
}

std::string encodeCmyk(int width, int height, const std::vector<unsigned char>& ink,
                       const std::string& suffix)
{
    return write(wrap(ink, width, height, 4, VIPS_INTERPRETATION_CMYK).get(), suffix);
}

} // namespace encoder
