package import Files
internal import Glibc
package import Model

/// The data directories of one plan, below the data root.
package struct DataDirectories {
    package struct Wanted: Hashable {
        package let name: String
        package let owner: FileOwner
        package let mode: FileMode
    }

    package let root: String
    package let stack: String
    package let requiresMount: Bool

    package var stackDirectory: String { "\(root)/\(stack)" }

    /// Those of `plan` by name; where two containers share one, the first by name decides on owner and mode.
    package static func wanted(by plan: ResolvedPlan) -> [Wanted] {
        var byName: [String: Wanted] = [:]
        for (_, container) in plan.containers.sorted(by: { $0.key < $1.key }) {
            for volume in container.volumes {
                guard case .data(let name) = volume.source, byName[name] == nil else { continue }
                byName[name] = Wanted(
                    name: name, owner: volume.owner ?? FileOwner(user: 0, group: 0),
                    mode: volume.mode ?? FileMode(bits: 0o700))
            }
        }
        return byName.values.sorted { $0.name < $1.name }
    }

    /// Follows no link at `path`: what lies elsewhere is not what lies there.
    package static func condition(of path: String) throws(HostError) -> DataCondition {
        let kind = try FileStatus.at(path).kind
        guard kind == .directory || kind == .missing else { return .blocked }
        if try RestoreMark.isSet(for: path) { return .unfinished }
        guard kind == .directory else { return .missing }
        return try DirectoryContent.names(in: path).isEmpty ? .empty : .filled
    }

    /// Makes those that are missing, and returns their paths; never touches one that exists.
    package func create(_ wanted: [Wanted]) throws(HostError) -> [String] {
        guard !wanted.isEmpty else { return [] }
        if let obstacle = try obstacles(to: wanted).first { throw obstacle }
        try PathName.createDirectories(stackDirectory)
        let parent = try Descriptor(stackDirectory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var created: [String] = []
        for directory in wanted where try FileStatus.at("\(stackDirectory)/\(directory.name)").kind == .missing {
            try make(directory, in: parent)
            created.append("\(stackDirectory)/\(directory.name)")
        }
        return created
    }

    /// Under another name first: a crash must not leave a directory that exists with the wrong owner, since it would
    /// never be corrected.
    private func make(_ wanted: Wanted, in parent: borrowing Descriptor) throws(HostError) {
        let path = "\(stackDirectory)/\(wanted.name)"
        let temporary = ".new-\(wanted.name)"
        unlinkat(parent.number, temporary, AT_REMOVEDIR)
        guard mkdirat(parent.number, temporary, 0o700) == 0 else { throw HostError.failed("create '\(path)'") }
        let made = try Descriptor(
            temporary, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, in: parent.number, shownAs: path)
        try made.setOwner(wanted.owner, mode: wanted.mode)
        try made.sync()
        guard renameat(parent.number, temporary, parent.number, wanted.name) == 0 else {
            throw HostError.failed("create '\(path)'")
        }
        try parent.sync()
    }

    /// What stands in the way of `wanted`.
    package func obstacles(to wanted: [Wanted]) throws(HostError) -> [HostError] {
        guard PathName.isPlainName(stack) else { return [HostError("'\(stack)' is not a name of a stack")] }
        if requiresMount, try !isMounted() {
            return [
                HostError(
                    "nothing is mounted on the data root '\(root)'",
                    hint: "mount it; without it the services would start with empty data")
            ]
        }
        var obstacles = try obstacle(at: stackDirectory).map { [$0] } ?? []
        guard obstacles.isEmpty else { return obstacles }
        if let obstacle = try DataMarkFile(stackDirectory: stackDirectory).obstacle() { obstacles.append(obstacle) }
        for directory in wanted {
            if !DataName.isAccepted(inPlan: directory.name) {
                obstacles.append(
                    HostError(
                        "'\(directory.name)' is not a name of a data directory",
                        hint: "use letters, digits, '.', '_' and '-'"))
            } else if let obstacle = try obstacle(at: "\(stackDirectory)/\(directory.name)") {
                obstacles.append(obstacle)
            }
        }
        return obstacles
    }

    private func obstacle(at path: String) throws(HostError) -> HostError? {
        let kind = try FileStatus.at(path).kind
        guard kind != .missing, kind != .directory else { return nil }
        return HostError(
            "'\(path)' is \(kind.words), but has to be a directory",
            hint: kind == .symlink ? Self.unlinking(path) : "move it away")
    }

    /// Where a link leads nowhere, as one to itself, there is nothing to mount.
    private static func unlinking(_ path: String) -> String {
        (try? FileStatus.at(path, followingLinks: true))?.kind == .directory
            ? "mount what it points to at that path ('mount --bind') instead of linking it"
            : "remove the link, which leads to no directory, and bring the directory back"
    }

    private func isMounted() throws(HostError) -> Bool {
        let own = try FileStatus.at(root, followingLinks: true)
        guard own.kind == .directory else { return false }
        let parent = try FileStatus.at("\(root)/..", followingLinks: true)
        return own.device != parent.device || own.inode == parent.inode
    }
}
