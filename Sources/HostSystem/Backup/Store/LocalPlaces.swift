internal import Planning

/// Where the directories on the host's own disks lie that hold runs of this host, by target: one that vanished is not made
/// anew in silence, as if nothing had been in it.
struct LocalPlaces {
    private let file: RecordFile

    init(stateDirectory: String) { file = RecordFile(name: "places", in: stateDirectory) }

    private var known: [String: String] { file.read() ?? [:] }

    /// Throws where it is missing, and runs were delivered there.
    func check(_ path: String, of target: String) throws(HostError) {
        guard known[target] == path, try FileStatus.at(path, followingLinks: true).kind == .missing else { return }
        throw HostError(
            "'\(path)' of backup target '\(target)' is missing, and runs of this host were delivered there",
            hint: "mount the disk that it is on, or move it back; where it is lost, 'mkdir -p \(path)' has it filled "
                + "anew",
            disposition: .transient)
    }

    /// A run was delivered there.
    func remember(_ path: String, of target: String) throws(HostError) {
        var places = known
        guard places[target] != path else { return }
        places[target] = path
        try file.write(places)
    }
}
