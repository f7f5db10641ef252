#pragma once
#include <string>

namespace graft::neural {

/// For the whole process. Debian's LibTorch starts with one thread.
void useThreads(int count);

/// What computes.
struct Device {
    std::string id; ///< "cpu", "cuda:0"
    std::string title; ///< "CPU, 2 threads", "NVIDIA H100"
    std::string why; ///< a sentence on why not something faster; empty where there is nothing to say
};

/// "auto" picks CUDA when it is usable, "cpu" and "cuda[:N]" are taken at their word. Throws Error where the
/// wanted device does not exist.
Device chooseDevice(const std::string& wanted);

/// For `doctor`: versions and what was found.
struct Backend {
    std::string torchVersion; ///< "1.13.1"
    std::string blas; ///< "OpenBLAS 0.3.21", or what at::show_config says
    bool fastBlas = false; ///< matrix products run at a useful speed: measured, not guessed
    double gigaflops = 0.0; ///< of a float32 matrix product, as the program computes it: on one thread
    bool cuda = false;
    int threads = 1;
};

Backend inspectBackend();

} // namespace graft::neural
