#include "core/neural/memory.h"

#include <c10/core/CPUAllocator.h>

#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace graft::neural {

namespace {

constexpr std::size_t worthKeeping = std::size_t {64} << 10U; ///< bytes; below, the system is quick
constexpr std::size_t mostKept = std::size_t {512} << 20U; ///< bytes that lie idle at most

/// Lends blocks of the allocator that was there before.
class Recycler final : public c10::Allocator
{
public:
    explicit Recycler(c10::Allocator* system)
        : m_system(system)
    {
    }

    // LibTorch declares it const or not, depending on its version: one of the two overrides.
    c10::DataPtr allocate(std::size_t bytes) const { return lend(bytes); }

    c10::DataPtr allocate(std::size_t bytes) { return lend(bytes); }

    /// Only newer LibTorch asks for it.
    void copy_data(void* to, const void* from, std::size_t bytes) const { std::memcpy(to, from, bytes); }

    c10::DeleterFnPtr raw_deleter() const override { return &giveBack; }

    void addUser()
    {
        const std::lock_guard lock(m_mutex);
        ++m_users;
    }

    void removeUser()
    {
        const auto left = [this] {
            const std::lock_guard lock(m_mutex);
            return --m_users;
        };
        if (left() == 0)
            freeIdle();
    }

private:
    using Blocks = std::multimap<std::size_t, c10::DataPtr>; ///< by size

    c10::DataPtr lend(std::size_t bytes) const
    {
        if (bytes < worthKeeping)
            return m_system->allocate(bytes);
        std::pair<std::size_t, c10::DataPtr> block = take(bytes);
        if (!block.second)
            block = {bytes, allocateNew(bytes)};
        void* const data = block.second.get();
        const c10::Device device = block.second.device();
        const std::lock_guard lock(m_mutex);
        m_lent.emplace(data, std::move(block));
        return {data, data, &giveBack, device}; // raw_allocate() wants the data for a context
    }

    /// The smallest idle block that is large enough and not more than twice that, or none.
    std::pair<std::size_t, c10::DataPtr> take(std::size_t bytes) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_idle.lower_bound(bytes);
        if (found == m_idle.end() || found->first > 2 * bytes)
            return {};
        std::pair<std::size_t, c10::DataPtr> block(found->first, std::move(found->second));
        m_idle.erase(found);
        m_idleBytes -= block.first;
        return block;
    }

    c10::DataPtr allocateNew(std::size_t bytes) const
    {
        try {
            return m_system->allocate(bytes);
        } catch (const c10::Error&) {
            freeIdle();
            return m_system->allocate(bytes); // there may be room now
        }
    }

    void freeIdle() const
    {
        Blocks unused; // freed after the lock
        const std::lock_guard lock(m_mutex);
        unused.swap(m_idle);
        m_idleBytes = 0;
    }

    static void giveBack(void* data);

    c10::Allocator* m_system;
    mutable std::mutex m_mutex;
    mutable Blocks m_idle;
    mutable std::unordered_map<void*, std::pair<std::size_t, c10::DataPtr>> m_lent;
    mutable std::size_t m_idleBytes = 0;
    int m_users = 0;
};

/// Never destroyed: a tensor may outlive everything else.
Recycler& recycler()
{
    static Recycler* const only = [] {
        auto* made = new Recycler(c10::GetCPUAllocator());
        c10::SetCPUAllocator(made, 1);
        return made;
    }();
    return *only;
}

void Recycler::giveBack(void* data)
{
    Recycler& home = recycler();
    std::vector<c10::DataPtr> unused; // freed after the lock
    {
        const std::lock_guard lock(home.m_mutex);
        if (const auto lent = home.m_lent.find(data); lent != home.m_lent.end()) {
            std::pair<std::size_t, c10::DataPtr> block = std::move(lent->second);
            home.m_lent.erase(lent);
            if (home.m_users == 0 || block.first > mostKept) {
                unused.push_back(std::move(block.second));
                return;
            }
            home.m_idleBytes += block.first;
            while (home.m_idleBytes > mostKept) { // what was used last is wanted next: the largest others go
                const auto largest = std::prev(home.m_idle.end());
                home.m_idleBytes -= largest->first;
                unused.push_back(std::move(largest->second));
                home.m_idle.erase(largest);
            }
            home.m_idle.insert(std::move(block));
            return;
        }
    }
    home.m_system->raw_deallocate(data); // a small one, straight from the system
}

} // namespace

KeepMemory::KeepMemory()
{
    recycler().addUser();
}

KeepMemory::~KeepMemory()
{
    recycler().removeUser();
}

} // namespace graft::neural
