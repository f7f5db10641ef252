#pragma once
#include <QObject>

#include <optional>

class QApplication;
class QDBusPendingCallWatcher;
class QDBusVariant;

namespace graft::ui {

/// Whether the desktop asks for dark windows: org.freedesktop.appearance color-scheme of the settings portal.
/// The portal is asked once the event loop runs; until it answers, its last answer counts, so that a window
/// does not flash.
class DesktopScheme : public QObject
{
    Q_OBJECT
public:
    static DesktopScheme* of(QApplication& app); ///< made at the first call, a child of the application

    std::optional<bool> prefersDark() const { return m_dark; } ///< none: the desktop does not say

signals:
    void changed();

private slots:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    explicit DesktopScheme(QObject* parent);
    void ask();
    void take(std::optional<bool> dark);

    std::optional<bool> m_dark;
};

} // namespace graft::ui
