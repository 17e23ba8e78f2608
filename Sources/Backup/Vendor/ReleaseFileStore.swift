public import Files
public import HostSystem
public import Model

/// The vendor's files on this host: those of the versions whose containers mount them, as the vendor signed them.
public struct ReleaseFileStore: Sendable {
    let host: HostSystem

    public init(host: HostSystem) { self.host = host }

    /// Sees to it that what the containers `names` of `plan` mount lies here, whole. What is missing or damaged comes from
    /// the customer's storage, where the files were copied to, else from the vendor's. Without either, what is whole is
    /// enough.
    public func prepareReleaseFiles(
        for names: Set<String>, of plan: ResolvedPlan, secrets: Secrets, note: @escaping @Sendable (String) -> Void
    ) async throws(HostError) {
        let paths = plan.containers.filter { names.contains($0.key) }.values.reduce(into: Set<String>()) {
            $0.formUnion($1.releasePaths)
        }
        guard !paths.isEmpty else { return }
        guard let backup = plan.backup, let vendor = backup.vendor else {
            throw HostError(
                "containers mount files of a release, and the plan names no vendor", hint: "add 'backup.vendor'")
        }
        let release = try VendorRelease(
            plan.version, signers: vendor.signers, commandPath: host.configuration.commandPath)
        let kept = KeptRelease(of: plan.version, stateDirectory: host.configuration.stateDirectory)
        if let signed = try await kept.signedSums(release), let wanted = try? signed.sums.files(at: paths) {
            let damaged = await kept.damaged(wanted, signed.sums)
            guard !damaged.isEmpty else { return }
            for name in damaged where (try? FileStatus.at(kept.place(of: name)).kind) != .missing {
                note("'\(name)' of release \(plan.version) is damaged on this host; it is fetched again")
            }
        }
        let supply = ReleaseSupply(host: host, kept: kept, release: release, paths: paths, secrets: secrets, note: note)
        try await supply.bring(from: backup.targets, of: plan.stack, orFrom: vendor.target)
    }

    /// Removes those of all other versions.
    public func keepReleaseFiles(of versions: Set<String>) async throws(HostError) {
        let root = KeptRelease.root(host.configuration.stateDirectory)
        try await BlockingWork.run("remove '\(root)'", deadline: .seconds(3600)) { () throws(HostError) in
            try DirectoryContent.remove(in: root, except: versions)
        }
    }
}

extension ReleaseSums {
    /// The files that are mounted with `paths`; an error where there is none.
    func files(at paths: Set<String>) throws(HostError) -> [String] {
        var wanted: Set<String> = []
        for path in paths.sorted() {
            let found = files.keys.filter { path == "." || $0 == path || $0.hasPrefix("\(path)/") }
            guard !found.isEmpty else {
                let closest = Suggestion.closest(to: path, among: places)
                throw HostError(
                    "the vendor's release \(version) has no file '\(path)', which the plan mounts",
                    hint: closest.map { "did you mean '\($0)'?" } ?? "see '\(Self.fileName)' of the release")
            }
            wanted.formUnion(found)
        }
        return wanted.sorted()
    }

    /// Every file and directory.
    private var places: Set<String> {
        files.keys.reduce(into: []) { places, name in
            var path = ""
            for part in name.split(separator: "/") {
                path += path.isEmpty ? "\(part)" : "/\(part)"
                places.insert(path)
            }
        }
    }
}
