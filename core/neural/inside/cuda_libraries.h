#pragma once
#include <string>

namespace graft::neural {

/// The part of LibTorch that computes on NVIDIA's cards. It is not linked, so that one program runs
/// everywhere; it is opened where there is a driver (a quarter of a gigabyte, up to a second).
struct CudaLibraries {
    bool shipped = false; ///< it lies beside the LibTorch that runs
    bool open = false;
    std::string problem; ///< why it could not be opened: what the system said
};

/// CUDA that those libraries were made for, as NvidiaDriver::cuda. Drivers serve this and what came before.
inline constexpr int cudaWanted = 13000;

/// Opens them once for the process. This must come before the first tensor: LibTorch decides at its first
/// convolution, backward pass or question about CUDA what it can do, and keeps to it. Any thread.
const CudaLibraries& cudaLibraries();

} // namespace graft::neural
