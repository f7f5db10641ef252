#include "core/network/weights/printable.h"

#include <algorithm>

namespace graft::network {

std::string printable(std::string_view text)
{
    constexpr std::size_t longest = 80;
    std::string safe(text.substr(0, longest));
    std::ranges::replace_if(
        safe, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text.size() > longest ? safe + "..." : safe;
}

} // namespace graft::network
