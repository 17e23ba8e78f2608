internal import FoundationEssentials

/// What `restic backup --json` says of files that it could not read.
struct ResticComplaints {
    /// They were there when the directory was read, and not when they were.
    private(set) var removed = 0
    /// They can be read by now.
    private(set) var changed = 0
    private(set) var errors: [String] = []

    /// One line of standard error. What restic 0.14 of Debian 12 says of an error is what Go makes of it: its number, if
    /// it is one of the kernel's, or nothing at all.
    private struct Line: Decodable {
        struct Failure: Decodable {
            var message: String?
            var number: Int?

            enum CodingKeys: String, CodingKey {
                case message
                case number = "Err"
            }
        }

        var type: String
        var error: Failure?
        var item: String?

        enum CodingKeys: String, CodingKey {
            case type = "message_type"
            case error, item
        }
    }

    /// `parent`: what relative paths are relative to.
    init(_ lines: [String], below parent: String, _ readability: (String) -> Readability) {
        for text in lines {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)), line.type == "error" else {
                continue
            }
            let path = line.item.map { $0.hasPrefix("/") ? $0 : "\(parent)/\($0)" }
            switch Self.found(line.error, path, readability) {
            case .gone: removed += 1
            case .readable: changed += 1
            case .broken: errors.append(text)
            }
        }
    }

    private static func found(
        _ error: Line.Failure?, _ path: String?, _ readability: (String) -> Readability
    ) -> Readability {
        if let number = error?.number { return number == 2 ? .gone : .broken }
        if let message = error?.message { return message.hasSuffix("no such file or directory") ? .gone : .broken }
        return path.map(readability) ?? .broken
    }
}
