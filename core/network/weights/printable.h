#pragma once
#include <string>
#include <string_view>

namespace graft::network {

/// A name out of a file that is not trusted, as it may stand in a sentence: ASCII, no control characters (a
/// terminal obeys some), and not long.
std::string printable(std::string_view text);

} // namespace graft::network
