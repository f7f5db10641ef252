#include "core/neural/inside/cuda_libraries.h"

#include "core/neural/inside/nvidia_driver.h"

#include <array>
#include <climits>
#include <dlfcn.h>
#include <filesystem>
#include <link.h>

namespace graft::neural {

namespace {

namespace fs = std::filesystem;

/// Below the folder that holds torch/ and nvidia/, in the order in which they need one another.
constexpr std::array files {
    "nvidia/cu13/lib/libcudart.so.13",
    "nvidia/cu13/lib/libcupti.so.13",
    "nvidia/cu13/lib/libnvJitLink.so.13",
    "nvidia/cu13/lib/libnvrtc-builtins.so.13.0",
    "nvidia/cu13/lib/libnvrtc.so.13",
    "nvidia/cu13/lib/libcublasLt.so.13",
    "nvidia/cu13/lib/libcublas.so.13",
    "nvidia/cu13/lib/libcufft.so.12",
    "nvidia/cu13/lib/libcurand.so.10",
    "nvidia/cu13/lib/libcusparse.so.12",
    "nvidia/cu13/lib/libcusolver.so.12",
    "nvidia/cu13/lib/libcufile.so.0",
    "nvidia/cusparselt/lib/libcusparseLt.so.0",
    "nvidia/nccl/lib/libnccl.so.2",
    "nvidia/nvshmem/lib/libnvshmem_host.so.3",
    "nvidia/cudnn/lib/libcudnn.so.9",
    "torch/lib/libtorch_cuda.so",
};

/// Where the running LibTorch lies, if it came from a wheel: Debian's has a version in its name.
fs::path libtorchFolder()
{
    void* const handle = dlopen("libtorch_cpu.so", RTLD_NOW | RTLD_NOLOAD);
    if (handle == nullptr)
        return {};
    std::array<char, PATH_MAX> folder {};
    const bool found = dlinfo(handle, RTLD_DI_ORIGIN, folder.data()) == 0;
    dlclose(handle); // RTLD_NOLOAD only counted one more user: it stays loaded
    return found ? fs::path(folder.data()) : fs::path();
}

CudaLibraries openAll()
{
    CudaLibraries libraries;
    const fs::path folder = libtorchFolder();
    std::error_code notThere;
    libraries.shipped = !folder.empty() && fs::exists(folder / "libtorch_cuda.so", notThere);
    const NvidiaDriver& driver = nvidiaDriver();
    if (!libraries.shipped || driver.cards.empty() || driver.cuda < cudaWanted)
        return libraries;
    const fs::path root = folder.parent_path().parent_path();
    for (const char* file : files) {
        if (dlopen((root / file).c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
            const char* said = dlerror();
            libraries.problem = said != nullptr ? said : file;
            return libraries;
        }
    }
    libraries.open = true;
    return libraries;
}

} // namespace

const CudaLibraries& cudaLibraries()
{
    static const CudaLibraries libraries = openAll();
    return libraries;
}

} // namespace graft::neural
