#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace graft::neural {

/// For the whole process, before anything else of this room. Debian's LibTorch starts with one thread.
void useThreads(int count);

/// What computes.
struct Device {
    std::string id; ///< "cpu", "cuda:0"
    std::string title; ///< "CPU, 2 threads", "NVIDIA H100"
    std::string why; ///< a sentence on why not something faster; empty where there is nothing to say
};

/// "auto" picks the first graphics card on which a small computation comes out right, else the CPU; "cpu" and
/// "cuda[:N]" are taken at their word. Throws Error where the wanted device does not exist or does not
/// compute.
Device chooseDevice(const std::string& wanted);

/// For `doctor`: versions and what was found.
struct Backend {
    std::string torchVersion; ///< "1.13.1"
    std::string blas; ///< "OpenBLAS 0.3.21", or what at::show_config says
    bool fastBlas = false; ///< matrix products run at a useful speed: measured, not guessed
    double gigaflops = 0.0; ///< of a float32 matrix product, as the program computes it: on one thread
    std::string folder; ///< of the LibTorch that runs
    int threads = 1;
};

Backend inspectBackend();

/// A graphics card of NVIDIA's.
struct GraphicsCard {
    std::string title; ///< "NVIDIA H100 PCIe"
    std::int64_t memory = 0; ///< bytes
};

/// For `doctor`: what there is to compute with beside the processor, and what LibTorch can do with it.
struct Graphics {
    bool driver = false; ///< of NVIDIA's
    std::string driverVersion; ///< "580.65.06"; empty where it does not say
    std::string driverCuda; ///< newest CUDA that the driver serves, "13.0"
    std::vector<GraphicsCard> cards; ///< that the driver finds
    std::string cuda; ///< that LibTorch computes with, "13.0"; empty: none
    std::string cudnn; ///< "9.19"; empty: none
    std::string used; ///< title of the card that "auto" picks; empty: none
    std::string why; ///< a sentence on why none is used
};

Graphics inspectGraphics();

} // namespace graft::neural
