internal import Model
internal import Planning

/// What an image says of itself, as far as it can be seen without bringing it.
struct ImageReport: Encodable, Sendable {
    var container: String
    /// As the plan writes it: a reference, `archive URL`, `build DIRECTORY`.
    var image: String
    /// Those whose plans have it so.
    var hosts: [String]
    /// `linux/arm64`, and all that there are under the name.
    var platform: String?
    var platforms: [String] = []
    /// As it would be started.
    var command: [String] = []
    var user: String?
    var ports: [UInt16] = []
    var volumes: [String] = []
    /// How it is asked, and whose words that are.
    var health: String?
    /// As `health`, of whether it is alive; absent where only its process tells.
    var liveness: String?
    /// Those by which Fairlead goes, without `io.fairlead.`.
    var labels: [String: String] = [:]
    /// What step 1 of a deployment sees and this did not.
    var unseen: [String] = []

    func lines(_ style: TextStyle) -> [String] {
        var table = TextTable()
        table.indentation = 2
        table.columns = style.columns
        for (name, value) in rows { table.add(.init(name, style.faint), .init(value.printable)) }
        for reason in unseen { table.add(.init("not seen", style.warning), .init(reason.printable)) }
        return [style.strong(container) + "  \(image.printable)"] + table.lines
    }

    private var rows: [(String, String)] {
        guard let platform else { return [] }
        let all = platforms.isEmpty ? "" : ", of \(platforms.joined(separator: ", "))"
        return [
            ("platform", platform + all), ("runs", command.joined(separator: " ")), ("user", user ?? "root"),
            ("ports", ports.map(String.init).joined(separator: ", ")), ("volumes", volumes.joined(separator: ", ")),
            ("health", health ?? "nobody asks"), ("liveness", liveness ?? ""),
            ("labels", labels.sorted { $0.key < $1.key }.map { "\($0.key) '\($0.value)'" }.joined(separator: ", ")),
        ].filter { !$0.1.isEmpty }
    }
}

extension ImageReport {
    mutating func take(_ configuration: ImageConfiguration, _ check: ImageCheck) {
        platform = configuration.platform.isEmpty ? "not named" : configuration.platform
        command = check.program
        user = check.userName.isEmpty ? nil : check.userName
        ports = configuration.exposedPorts.sorted()
        volumes = configuration.facts.volumes
        health = check.health
        liveness = check.liveness
        labels = configuration.facts.backup ?? [:]
        if check.asksForAccounts {
            unseen.append("whether the image knows the user '\(check.userName)': its files are not brought")
        }
    }
}
