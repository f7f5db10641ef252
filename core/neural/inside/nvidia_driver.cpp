#include "core/neural/inside/nvidia_driver.h"

#include <array>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>

namespace graft::neural {

namespace {

/// Looks for a version in "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun ...".
std::string kernelModuleVersion()
{
    std::ifstream file("/proc/driver/nvidia/version");
    for (std::string word; file >> word;) {
        const bool number = word.find_first_not_of("0123456789.") == std::string::npos;
        if (number && word.find('.') != std::string::npos)
            return word;
    }
    return {};
}

/// Functions of the driver's library; NVIDIA documents them as the CUDA Driver API.
class Library
{
public:
    Library()
        : m_handle(dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL)) // stays open: LibTorch uses it, too
    {
    }

    bool isOpen() const { return m_handle != nullptr; }

    /// The function's status, 0 for success; `missing` where there is no such function.
    template <class... Parameters>
    int call(const char* name, Parameters... parameters) const
    {
        constexpr int missing = -1;
        auto* const function = reinterpret_cast<int (*)(Parameters...)>(dlsym(m_handle, name));
        return function != nullptr ? function(parameters...) : missing;
    }

private:
    void* m_handle;
};

DriverCard describe(const Library& library, int device)
{
    constexpr int computeCapabilityMajor = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    DriverCard card;
    std::array<char, 256> name {};
    if (library.call("cuDeviceGetName", name.data(), static_cast<int>(name.size()) - 1, device) == 0)
        card.name = name.data();
    std::size_t memory = 0;
    if (library.call("cuDeviceTotalMem_v2", &memory, device) == 0)
        card.memory = static_cast<std::int64_t>(memory);
    library.call("cuDeviceGetAttribute", &card.generation, computeCapabilityMajor, device);
    return card;
}

NvidiaDriver ask()
{
    NvidiaDriver driver;
    const Library library;
    driver.found = library.isOpen();
    if (!driver.found)
        return driver;
    driver.version = kernelModuleVersion();
    library.call("cuDriverGetVersion", &driver.cuda);
    driver.failure = library.call("cuInit", 0U);
    if (driver.failure != 0)
        return driver;
    int count = 0;
    library.call("cuDeviceGetCount", &count);
    for (int index = 0; index < count; ++index) {
        int device = 0;
        if (library.call("cuDeviceGet", &device, index) == 0)
            driver.cards.push_back(describe(library, device));
    }
    return driver;
}

std::string firstWord(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::string word;
    file >> word;
    return word;
}

} // namespace

const NvidiaDriver& nvidiaDriver()
{
    static const NvidiaDriver driver = ask();
    return driver;
}

std::string cudaVersion(int number)
{
    return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

bool nvidiaCardPluggedIn()
{
    std::error_code failed;
    for (const auto& device : std::filesystem::directory_iterator("/sys/bus/pci/devices", failed)) {
        const bool nvidia = firstWord(device.path() / "vendor") == "0x10de";
        if (nvidia && firstWord(device.path() / "class").starts_with("0x03")) // displays and 3D controllers
            return true;
    }
    return false;
}

} // namespace graft::neural
