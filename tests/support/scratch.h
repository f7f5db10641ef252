#pragma once
#include <QSettings>
#include <QString>
#include <QTemporaryDir>

namespace graft::test {

/// A folder that goes away, and settings that are kept in it and not with a person's own.
struct Scratch {
    QTemporaryDir folder;

    Scratch()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
        QSettings::setPath(QSettings::IniFormat, QSettings::SystemScope, folder.path());
    }

    QString path() const { return folder.path(); }
};

} // namespace graft::test
