#pragma once
#include <string_view>

namespace graft::network::embedded {

// Files of resources/, compiled in.
std::string_view weightsJson();
std::string_view imagenetClassesTsv();

} // namespace graft::network::embedded
