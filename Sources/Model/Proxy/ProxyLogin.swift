internal import FoundationEssentials
internal import Glibc

/// User and password for a web proxy. Printed, it shows neither.
public struct ProxyLogin: Sendable, CustomStringConvertible, CustomReflectable {
    public let username: String
    public let password: String

    public var description: String { "a login" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// As it stands in a header of HTTP.
    public var basic: String { Data("\(username):\(password)".utf8).base64EncodedString() }

    /// `USER:PASSWORD` as it stands in a URL.
    var escaped: String { "\(Self.escaped(username)):\(Self.escaped(password))" }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            if byte < 128, character.isLetter || character.isNumber || "-_.~".contains(character) {
                return String(character)
            }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    /// The first line of a file that only its owner can read.
    static func password(in path: String) throws(ProxyFailure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .unreadable(path, String(cString: strerror(errno)), hint: "write the password into that file")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw .unreadable(path, "others can read it too", hint: "chmod 0600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        let line = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty else {
            throw .unreadable(path, "its first line is empty", hint: "write the password into that file")
        }
        return String(decoding: line, as: UTF8.self)
    }
}
