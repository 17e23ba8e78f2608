internal import FoundationEssentials

/// What is mounted where for a process, as the kernel lists it (`/proc/PID/mountinfo`).
struct MountTable {
    struct Entry {
        let point: String
        let options: [String]
    }

    let entries: [Entry]

    init(_ text: String) {
        entries = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 5 else { return nil }
            return Entry(point: Self.plain(fields[4]), options: fields[5].split(separator: ",").map(String.init))
        }
    }

    /// Of a process by its id, or of this one: `self`.
    init(process: String) {
        let data = FileManager.default.contents(atPath: "/proc/\(process)/mountinfo") ?? Data()
        self.init(String(decoding: data, as: UTF8.self))
    }

    /// The first file system that is mounted in `directory`, at any depth.
    func point(below directory: String) -> String? {
        let prefix = directory == "/" ? "/" : directory + "/"
        return entries.map(\.point).filter { $0.utf8.starts(with: prefix.utf8) && $0 != prefix }.min()
    }

    /// Spaces, line ends and `\` are written as `\` and three octal digits.
    private static func plain(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3, let code = UInt8(Substring(digits), radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
