internal import Glibc
internal import Model

/// A file that nobody but its owner may read.
package enum PrivateFile {
    /// Its content, refused when others could have read it; `holding` names that in errors.
    package static func read(_ path: String, holding what: String, limit: Int) throws(HostError) -> [UInt8] {
        try check(path, holding: what)
        return try Descriptor(path, O_RDONLY).read(limit: limit)
    }

    package static func check(_ path: String, holding what: String) throws(HostError) {
        let status = try FileStatus.at(path, followingLinks: true)
        guard status.kind == .file else {
            throw HostError(
                "cannot read \(what) from '\(path)': it is \(status.kind == .missing ? "missing" : "no file")",
                hint: "put it there with mode 0600, or correct the configuration; 'fairlead doctor' checks it")
        }
        guard !status.isOpenToOthers else {
            throw HostError(
                "'\(path)' holds \(what) but other users may read it (mode \(FileMode(bits: status.mode)))",
                hint: "'chmod 600 \(path)'; change the secrets if others had access")
        }
        guard status.owner == 0 || status.owner == geteuid() else {
            throw HostError(
                "'\(path)' holds \(what) but belongs to user \(status.owner)", hint: "'chown root:root \(path)'")
        }
    }
}
