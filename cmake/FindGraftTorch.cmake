# LibTorch as the target Graft::Torch: Debian's, or the one below GRAFT_LIBTORCH that packaging/gpu.sh unpacked from
# wheels. Those bring a TorchConfig.cmake that wants NVIDIA's toolkit; to link them none is needed, because
# libtorch_cuda.so is opened by the running program (core/neural/inside/cuda_libraries.h).
set(GRAFT_LIBTORCH "" CACHE PATH "Folder with torch/ and nvidia/ from wheels (packaging/gpu.sh); empty: Debian's LibTorch")

add_library(Graft::Torch INTERFACE IMPORTED)
if(NOT GRAFT_LIBTORCH)
    find_package(Torch REQUIRED)
    target_link_libraries(Graft::Torch INTERFACE ${TORCH_LIBRARIES})
    target_include_directories(Graft::Torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
    return()
endif()

set(libraries "${GRAFT_LIBTORCH}/torch/lib")
set(cuda "${GRAFT_LIBTORCH}/nvidia/cu13/lib")
set(files "${libraries}/libtorch_cpu.so" "${libraries}/libc10.so" "${cuda}/libcudart.so.13" "${cuda}/libcupti.so.13")
foreach(file IN LISTS files)
    if(NOT EXISTS "${file}")
        message(FATAL_ERROR "${file} is missing. To fetch it: packaging/setup.sh --gpu")
    endif()
endforeach()
target_include_directories(Graft::Torch SYSTEM INTERFACE
    "${GRAFT_LIBTORCH}/torch/include" "${GRAFT_LIBTORCH}/torch/include/torch/csrc/api/include")
target_compile_definitions(Graft::Torch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
# libtorch_cpu.so asks for the last two itself. Its place comes before all others where the program is started: the
# system's cache of libraries would offer Debian's.
target_link_libraries(Graft::Torch INTERFACE -Wl,--push-state,--no-as-needed ${files} -Wl,--pop-state)
target_link_options(Graft::Torch INTERFACE "LINKER:-rpath,${libraries}" "LINKER:-rpath,${cuda}")
