#include "ui/desktop_scheme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QSettings>
#include <QTimer>

namespace graft::ui {

namespace {

QString appearance()
{
    return QStringLiteral("org.freedesktop.appearance");
}

QString colorScheme()
{
    return QStringLiteral("color-scheme");
}

QString remembered()
{
    return QStringLiteral("desktop_dark");
}

/// The portal wraps the number in one variant or, in its older call, in two. 1: dark, 2: light, 0: no wish.
std::optional<bool> dark(QVariant value)
{
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    switch (value.toUInt()) {
    case 1:
        return true;
    case 2:
        return false;
    default:
        return std::nullopt;
    }
}

} // namespace

DesktopScheme* DesktopScheme::of(QApplication& app)
{
    if (auto* there = app.findChild<DesktopScheme*>(QString(), Qt::FindDirectChildrenOnly))
        return there;
    return new DesktopScheme(&app);
}

DesktopScheme::DesktopScheme(QObject* parent)
    : QObject(parent)
{
    const QVariant last = QSettings().value(remembered());
    if (last.isValid())
        m_dark = last.toBool();
    QTimer::singleShot(0, this, &DesktopScheme::ask);
}

void DesktopScheme::ask()
{
    // Without a bus Qt would try to start one.
    if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS"))
        return take(std::nullopt);
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return take(std::nullopt);

    const QString service = QStringLiteral("org.freedesktop.portal.Desktop");
    const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
    const QString interface = QStringLiteral("org.freedesktop.portal.Settings");
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage call = QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
    call << appearance() << colorScheme();
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        take(reply.isError() ? std::nullopt : dark(reply.value().variant()));
        watcher->deleteLater();
    });
}

void DesktopScheme::settingChanged(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group == appearance() && key == colorScheme())
        take(dark(value.variant()));
}

void DesktopScheme::take(std::optional<bool> wish)
{
    QSettings settings;
    if (wish)
        settings.setValue(remembered(), *wish);
    else
        settings.remove(remembered());
    if (wish == m_dark)
        return;
    m_dark = wish;
    emit changed();
}

} // namespace graft::ui
