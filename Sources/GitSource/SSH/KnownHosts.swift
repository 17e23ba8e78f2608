internal import Glibc
internal import Processes

/// One line of a file of known_hosts.
public struct KnownHostLine: Hashable, Sendable {
    /// In its file; the first one is 1.
    public let number: Int
    public let text: String

    public init(number: Int, text: String) {
        self.number = number
        self.text = text
    }

    /// `ssh-ed25519 AAAA…`; `nil` of a line that is marked, as one that revokes a key.
    public var key: String? { HostKeyLook.keys(in: text).first }
    /// Every key that this one signed is believed.
    public var isAuthority: Bool { text.hasPrefix("@cert-authority ") }
}

/// The files in which host keys are pinned.
enum KnownHosts {
    /// What `file` says of the server that it calls `name`, hashed or not, also by patterns.
    static func lines(of name: String, in file: String) async -> [KnownHostLine] {
        guard let keygen = Command.find("ssh-keygen"), access(file, R_OK) == 0 else { return [] }
        let command = Command(keygen, ["-F", name, "-f", file], deadline: .seconds(10), outputLimit: 1 << 20)
        return lines(in: (try? await command.runToEnd())?.text ?? "")
    }

    /// ssh-keygen says before each line where it found it.
    static func lines(in answer: String) -> [KnownHostLine] {
        var number: Int?
        return answer.split(whereSeparator: \.isNewline).compactMap { line in
            if let place = line.wholeMatch(of: /# Host .* found: line ([0-9]+).*/) {
                number = Int(place.1)
                return nil
            }
            defer { number = nil }
            return number.map { KnownHostLine(number: $0, text: String(line)) }
        }
    }
}
