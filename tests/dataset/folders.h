#pragma once
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/picture_error.h"
#include "core/dataset/scan.h"

#include <QTemporaryDir>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

/// Folders with files that stand for pictures. A "picture" is a text: "hash 17" has the perceptual hash 17
/// and a signature to it, "damaged" cannot be decoded, "surprise" is one, "" is empty, all others are no
/// pictures.
class Folders
{
public:
    Folders()
        : root(std::filesystem::canonical(m_folder.path().toStdString()))
    {
    }

    Folders(const Folders&) = delete;
    Folders& operator=(const Folders&) = delete;

    /// QTemporaryDir cannot remove names that are no text.
    ~Folders() { std::filesystem::remove_all(root); }

    void add(const std::filesystem::path& file, const std::string& content) const
    {
        std::filesystem::create_directories((root / file).parent_path());
        std::ofstream(root / file, std::ios::binary) << content;
    }

    static graft::dataset::Inspection inspect(const std::filesystem::path& file)
    {
        const std::string name = file.filename().string();
        const auto fault = [&](graft::PictureFault what, const std::string& happened) {
            return graft::PictureError(what, name, happened, "Leave it out.");
        };
        if (!std::filesystem::exists(file))
            throw fault(graft::PictureFault::Missing, "is gone");
        const std::string content = graft::readFile(file);
        if (content.empty())
            throw fault(graft::PictureFault::Empty, "is empty");
        if (content == "surprise")
            throw std::runtime_error("out of cheese");
        if (content == "damaged")
            throw fault(graft::PictureFault::Damaged, "is damaged");
        if (!content.starts_with("hash "))
            throw fault(graft::PictureFault::NotAPicture, "is not a picture");
        const std::uint64_t hash = std::strtoull(content.c_str() + 5, nullptr, 10);
        return {4, 3, graft::sha256(content), hash, {}};
    }

    graft::dataset::ScanResult scan(graft::dataset::ScanOptions options = {}) const
    {
        options.threads = 2;
        return graft::dataset::scan(root, options, inspect, {}, {});
    }

private:
    QTemporaryDir m_folder;

public:
    std::filesystem::path root;
};

/// The administrator may read everything; for a while the test is somebody else.
class OrdinaryUser
{
public:
    OrdinaryUser()
    {
        if (m_user == 0 && seteuid(65534) != 0)
            throw std::runtime_error("cannot become another user");
    }

    OrdinaryUser(const OrdinaryUser&) = delete;
    OrdinaryUser& operator=(const OrdinaryUser&) = delete;

    ~OrdinaryUser()
    {
        if (seteuid(m_user) != 0)
            std::abort();
    }

private:
    uid_t m_user = geteuid();
};
