#include "core/augment/jpeg_loss.h"

#include "core/base/error.h"

#include <turbojpeg.h>

namespace graft::augment {

namespace {

struct Destroyer {
    void operator()(void* handle) const { tjDestroy(handle); }
};

/// Making one takes less than a hundredth of the time that a small picture takes.
using Handle = std::unique_ptr<void, Destroyer>;

void requireSuccess(bool success, const Handle& handle)
{
    if (!success)
        throw Error("JPEG artefacts", std::string("could not be made (") + tjGetErrorStr2(handle.get()) + ")",
                    "Choose a smaller size, or leave this step out.");
}

} // namespace

void loseAsJpeg(const Pixels& pixels, int quality, Scratch& scratch)
{
    constexpr int colours = TJSAMP_420;
    const Handle writer(tjInitCompress());
    unsigned long size = tjBufSize(pixels.width, pixels.height, colours);
    requireSuccess(writer != nullptr && size != static_cast<unsigned long>(-1), writer);
    const auto file = scratch.take<unsigned char>(size);
    unsigned char* begin = file.data();
    requireSuccess(tjCompress2(writer.get(), pixels.data, pixels.width, 0, pixels.height, TJPF_RGB, &begin,
                               &size, colours, quality, TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT)
                       == 0,
                   writer);
    const Handle reader(tjInitDecompress());
    requireSuccess(reader != nullptr
                       && tjDecompress2(reader.get(), begin, size, pixels.data, pixels.width, 0,
                                        pixels.height, TJPF_RGB, TJFLAG_ACCURATEDCT)
                           == 0,
                   reader);
}

} // namespace graft::augment
