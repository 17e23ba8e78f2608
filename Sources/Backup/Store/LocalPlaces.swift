internal import Files
internal import Model

/// Where the directories on the host's own disks lie that hold runs of this host, by target: one that vanished, or is the empty
/// mount point of its disk, is not filled anew in silence, as if nothing had been in it.
struct LocalPlaces {
    private let file: RecordFile

    init(stateDirectory: String) { file = RecordFile(name: "places", in: stateDirectory) }

    private struct Place: Codable, Hashable {
        let path: String
        let stack: String
    }

    private var known: [String: Place] { file.read() ?? [:] }

    /// Throws where it is missing or empty, and runs were delivered there.
    func check(_ path: String, of target: String) throws(HostError) {
        guard let place = known[target], place.path == path, let lack = try Self.lack(of: path) else { return }
        throw HostError(
            "'\(path)' of backup target '\(target)' is \(lack), and runs of this host were delivered there",
            hint: "mount the disk that it is on, or move it back; where they are lost, "
                + "'mkdir -p \(path)/\(place.stack)' has it filled anew",
            disposition: .transient)
    }

    private static func lack(of path: String) throws(HostError) -> String? {
        switch try FileStatus.at(path, followingLinks: true).kind {
        case .missing: return "missing"
        case .directory:
            // What a new file system holds.
            let isEmpty = try DirectoryContent.names(in: path).allSatisfy { $0 == "lost+found" }
            return isEmpty ? "empty" : nil
        case .file, .symlink, .other: return nil
        }
    }

    /// A run of `stack` was delivered there.
    func remember(_ path: String, of target: String, stack: String) throws(HostError) {
        let place = Place(path: path, stack: stack)
        var places = known
        guard places[target] != place else { return }
        places[target] = place
        try file.write(places)
    }
}
