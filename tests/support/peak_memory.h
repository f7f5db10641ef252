#pragma once
#include <QTest>

#include <sys/resource.h>

namespace graft::tests {

/// The most memory this process ever held.
inline qint64 peakKilobytes()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/// Fails the test where more than 80 MB came on top of `before`.
inline void requireLittleMemorySince(qint64 before)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    Q_UNUSED(before); // the sanitizers keep what was freed
#else
    constexpr qint64 allowed = 80 * 1024;
    QVERIFY2(peakKilobytes() - before < allowed, QByteArray::number(peakKilobytes() - before).constData());
#endif
}

} // namespace graft::tests
