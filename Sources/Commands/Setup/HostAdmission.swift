internal import Planning
internal import Processes

/// What others have to put in place for this host: it has the public halves of its keys, and its entry in the customer repo.
struct HostAdmission: Sendable {
    let places: SetupPlaces
    /// The name of this host in the customer repo.
    let host: String
    /// Of the repo, where it is reached by ssh, or nobody said how.
    let usesDeployKey: Bool
    /// The git host, where it is known.
    let server: String?

    func tell(_ transcript: SetupTranscript) async {
        if usesDeployKey, let key = await Self.output("ssh-keygen", ["-y", "-f", places.sshKey]) {
            transcript.say()
            transcript.say(
                "Deploy key: add it to the repo at '\(server ?? "the git host")' ('Deploy keys' in its settings), "
                    + "without write access:")
            transcript.note(["\(Self.key(key)) fairlead@\(host)"])
        }
        if let recipient = await Self.output("age-keygen", ["-y", places.ageIdentity]) {
            transcript.say()
            transcript.say("Key for secrets: in a copy of the customer repo that can read them, then commit and push:")
            transcript.note(["fairlead secrets add-recipient \(recipient) --name \(host)"])
        }
        tellEntry(transcript)
    }

    private func tellEntry(_ transcript: SetupTranscript) {
        transcript.say()
        guard let key = machineKey else {
            return transcript.say("Entry of this host: hosts/\(host).json in the customer repo; {} is enough.")
        }
        transcript.say(
            "Entry of this host: hosts/\(host).json in the customer repo, with the key that keeps other machines from "
                + "being it:")
        transcript.note(["{ \(HostKeyPin.line(key)) }"])
    }

    /// The key of this machine, without its comment; `nil` where it has none.
    var machineKey: String? {
        guard let bytes = try? HostFile(places.machineKey).read(limit: 1 << 16), !bytes.isEmpty else { return nil }
        return Self.key(String(decoding: bytes, as: UTF8.self))
    }

    private static func key(_ line: String) -> String {
        line.split(whereSeparator: \.isWhitespace).prefix(2).joined(separator: " ")
    }

    /// The first line; `nil` where there is no such key.
    private static func output(_ name: String, _ arguments: [String]) async -> String? {
        guard let program = Command.find(name), let result = try? await Command(program, arguments).run() else {
            return nil
        }
        return result.text.split(whereSeparator: \.isNewline).first.map(String.init)
    }
}
