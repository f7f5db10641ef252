#pragma once
#include <QFile>
#include <QString>

#include <filesystem>

namespace graft::ui {

inline std::filesystem::path toPath(const QString& path)
{
    return QFile::encodeName(path).toStdString();
}

inline QString toQString(const std::filesystem::path& path)
{
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

} // namespace graft::ui
