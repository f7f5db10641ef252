#include "core/neural/memory.h"

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <iterator>
#include <limits>
#include <malloc.h>
#include <map>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

namespace graft::neural {

namespace {

constexpr std::size_t worthKeeping = std::size_t {64} << 10U; ///< bytes; below, the system is quick
constexpr std::size_t mostKept = std::size_t {512} << 20U; ///< bytes that lie idle at most

/// What all tensors hold, as they asked for it.
class Account
{
public:
    /// Throws std::bad_alloc beyond the limit.
    void add(std::size_t bytes)
    {
        const auto more = static_cast<std::int64_t>(bytes);
        const std::int64_t sum = m_held.fetch_add(more) + more;
        if (sum > m_limit) {
            m_held -= more;
            throw std::bad_alloc();
        }
        std::int64_t most = m_peak;
        while (sum > most && !m_peak.compare_exchange_weak(most, sum)) { }
    }

    void remove(std::size_t bytes) { m_held -= static_cast<std::int64_t>(bytes); }

    std::int64_t peak() const { return m_peak; }

    std::int64_t restartPeak()
    {
        const std::int64_t now = m_held;
        m_peak = now;
        return now;
    }

    void limit(std::int64_t bytes) { m_limit = bytes; }

    static constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

private:
    std::atomic<std::int64_t> m_held = 0;
    std::atomic<std::int64_t> m_peak = 0;
    std::atomic<std::int64_t> m_limit = unlimited;
};

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

    Account& account() { return m_account; }

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
    using Block = std::pair<std::size_t, c10::DataPtr>; ///< its size, which may be more than was asked for
    using Blocks = std::multimap<std::size_t, c10::DataPtr>; ///< by size

    struct Lent {
        std::size_t asked = 0;
        Block block;
    };

    c10::DataPtr lend(std::size_t bytes) const
    {
        if (bytes < worthKeeping)
            return lendSmall(bytes);
        m_account.add(bytes);
        try {
            Lent lent {bytes, take(bytes)};
            if (!lent.block.second)
                lent.block = {bytes, allocateNew(bytes)};
            void* const data = lent.block.second.get();
            const c10::Device device = lent.block.second.device();
            const std::lock_guard lock(m_mutex);
            m_lent.emplace(data, std::move(lent));
            return {data, data, &giveBack, device}; // raw_allocate() wants the data for a context
        } catch (...) {
            m_account.remove(bytes);
            throw;
        }
    }

    /// Straight from the system, which is quick.
    c10::DataPtr lendSmall(std::size_t bytes) const
    {
        c10::DataPtr block = m_system->allocate(bytes);
        const c10::Device device = block.device();
        m_account.add(malloc_usable_size(block.get()));
        void* const data = block.release_context();
        return {data, data, &giveBack, device};
    }

    /// The smallest idle block that is large enough and not more than twice that, or none.
    Block take(std::size_t bytes) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_idle.lower_bound(bytes);
        if (found == m_idle.end() || found->first > 2 * bytes)
            return {};
        Block block(found->first, std::move(found->second));
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
    mutable std::unordered_map<void*, Lent> m_lent;
    mutable std::size_t m_idleBytes = 0;
    mutable Account m_account;
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
            home.m_account.remove(lent->second.asked);
            Block block = std::move(lent->second.block);
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
    if (data != nullptr) { // a small one, straight from the system
        home.m_account.remove(malloc_usable_size(data));
        home.m_system->raw_deallocate(data);
    }
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

MemoryMeter::MemoryMeter()
    : m_before(recycler().account().restartPeak())
{
}

std::int64_t MemoryMeter::peak() const
{
    return recycler().account().peak();
}

MemoryLimit::MemoryLimit(std::int64_t bytes)
{
    recycler().account().limit(bytes);
}

MemoryLimit::~MemoryLimit()
{
    recycler().account().limit(Account::unlimited);
}

} // namespace graft::neural
