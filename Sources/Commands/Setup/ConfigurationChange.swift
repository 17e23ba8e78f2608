internal import Files
internal import Model
internal import Processes

/// What becomes of the configuration of this host.
enum ConfigurationChange: Hashable, Sendable {
    /// It stays: it is what was asked for, or nobody asked for one.
    case keep
    case write(WantedConfiguration)

    /// `former`: the file that is there; `nil` where there is none. Returns `nil` where it differs and has to stay.
    init?(to wanted: WantedConfiguration, from former: [UInt8]?, replaces: Bool) {
        guard let former else {
            self = .write(wanted)
            return
        }
        if wanted.isSame(as: former) {
            self = .keep
        } else {
            guard replaces else { return nil }
            self = .write(wanted)
        }
    }
}

/// The configuration file of a host that is set up.
struct ConfigurationKeeper: Sendable {
    let places: SetupPlaces
    let transcript: SetupTranscript

    /// Refuses to replace one that differs unasked, and shows the difference.
    func change(for request: SetupRequest, _ material: SetupMaterial) async throws -> ConfigurationChange {
        let former = try HostFile(places.configuration).read(limit: 1 << 20)
        guard let repository = request.repository else {
            guard former != nil else {
                throw SetupError("no customer repo is named", hint: "add '--repo URL'")
            }
            return .keep
        }
        // One that is pinned already stays, where the arguments name none.
        let anchor = repository.anchor ?? former.flatMap { WantedConfiguration.anchor(in: $0) }
        let wanted = WantedConfiguration(repository, material, anchor: anchor, places: places)
        guard let change = ConfigurationChange(to: wanted, from: former, replaces: request.replaces) else {
            transcript.say("\(places.configuration) differs from what these arguments ask for:")
            transcript.note(await difference(to: wanted))
            throw SetupError(
                "'\(places.configuration)' is another configuration",
                hint: "leave out --repo to keep it, or add --force to replace it (a copy is kept)")
        }
        return change
    }

    /// Puts it in place, as a whole or not at all; a copy of the one before is kept.
    func write(_ wanted: WantedConfiguration, at now: Timestamp) async throws {
        if let former = try HostFile(places.configuration).read(limit: 1 << 20) {
            transcript.note(await difference(to: wanted))
            try AtomicFile.write(former, to: "\(places.configuration).\(CivilTime(now).stamp)")
        }
        try AtomicFile.write(Array(wanted.text.utf8), to: places.configuration)
    }

    private func difference(to wanted: WantedConfiguration) async -> [String] {
        guard let diff = Command.find("diff") else { return [] }
        let labels = ["--label", "is there", "--label", "asked for"]
        let command = Command(
            diff, ["--unified"] + labels + [places.configuration, "-"], input: Array(wanted.text.utf8))
        let text = (try? await command.runToEnd())?.text ?? ""
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }
}
