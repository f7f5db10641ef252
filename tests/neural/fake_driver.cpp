// A libcuda.so.1 that answers what the environment says, so that the sentences about drivers are tested where
// there is none. GRAFT_FAKE_CUDA: the CUDA it serves (12040); GRAFT_FAKE_CARDS: how many cards;
// GRAFT_FAKE_FAILURE: what cuInit() returns.
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

int number(const char* name)
{
    const char* text = std::getenv(name);
    return text != nullptr ? std::atoi(text) : 0;
}

} // namespace

extern "C" {

int cuInit(unsigned) // NOLINT: NVIDIA's names
{
    return number("GRAFT_FAKE_FAILURE");
}

int cuDriverGetVersion(int* version)
{
    *version = number("GRAFT_FAKE_CUDA");
    return 0;
}

int cuDeviceGetCount(int* count)
{
    *count = number("GRAFT_FAKE_CARDS");
    return 0;
}

int cuDeviceGet(int* device, int index)
{
    *device = index;
    return 0;
}

int cuDeviceGetName(char* name, int size, int device)
{
    std::snprintf(name, static_cast<std::size_t>(size), "NVIDIA Drawn %d", device);
    return 0;
}

int cuDeviceTotalMem_v2(std::size_t* bytes, int)
{
    *bytes = 8'000'000'000;
    return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int)
{
    *value = attribute == 75 ? 7 : 5; // compute capability 7.5
    return 0;
}
}
