internal import Files
internal import Glibc
internal import HostSystem
internal import Model

extension KeptRelease {
    /// The list that was kept with the files, if `release` takes it for the vendor's.
    func signedSums(_ release: VendorRelease) async throws(HostError) -> SignedSums? {
        let (sums, signature) = ("\(directory)/\(ReleaseSums.fileName)", "\(directory)/\(ReleaseSums.signatureName)")
        guard try FileStatus.at(sums).kind == .file, try FileStatus.at(signature).kind == .file else { return nil }
        let finding = try await release.signedSums(
            try Descriptor(sums, O_RDONLY).read(limit: 16 << 20),
            try Descriptor(signature, O_RDONLY).read(limit: 1 << 16))
        guard case .valid(let signed) = finding else { return nil }
        return signed
    }

    /// Those of `names` that are not there as they are in `sums`; every byte is read.
    func damaged(_ names: [String], _ sums: ReleaseSums) async -> [String] {
        var damaged: [String] = []
        for name in names where await !Self.isWhole(place(of: name), sums.files[name]) { damaged.append(name) }
        return damaged
    }

    /// What cannot be read is not whole, whatever keeps it from being read.
    static func isWhole(_ path: String, _ sum: String?) async -> Bool {
        guard (try? FileStatus.at(path).kind) == .file else { return false }
        return (try? await FileDigest.sha256(of: path))?.description == sum
    }

    /// Moves what lies in `staging` to its place; each file is the old one or the new at any time.
    func take(_ names: [String], _ signed: SignedSums) throws(HostError) {
        try PathName.createDirectories(directory)
        try makeDirectory(place(of: "."))
        for name in names {
            var parent = ""
            for part in name.split(separator: "/").dropLast() {
                parent += parent.isEmpty ? "\(part)" : "/\(part)"
                try makeDirectory(place(of: parent))
            }
            let (source, target) = ("\(staging)/\(name)", place(of: name))
            if try ![.file, .missing].contains(FileStatus.at(target).kind) { try DirectoryContent.remove(target) }
            guard chmod(source, 0o644) == 0, rename(source, target) == 0 else {
                throw HostError.failed("put '\(target)' in place")
            }
        }
        try AtomicFile.write(signed.bytes, to: "\(directory)/\(ReleaseSums.fileName)")
        try AtomicFile.write(signed.signature, to: "\(directory)/\(ReleaseSums.signatureName)")
        try DirectoryContent.remove(staging)
    }

    /// That a service within a container can read, whatever user it has.
    private func makeDirectory(_ path: String) throws(HostError) {
        if try ![.directory, .missing].contains(FileStatus.at(path).kind) { try DirectoryContent.remove(path) }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST, chmod(path, 0o755) == 0 else {
            throw HostError.failed("create '\(path)'")
        }
    }
}
