internal import Glibc

/// A file with one line that must not be shown.
enum SecretFile {
    private static let limit = 64 << 10

    static func read(_ path: String) throws(GitFailure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = Glibc.read(descriptor, &bytes, limit)
        guard count >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        let words = String(decoding: bytes.prefix(count), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard let word = words.first, words.count == 1 else { throw failure(path, "it does not hold exactly one word") }
        return String(word)
    }

    private static func failure(_ path: String, _ why: String) -> GitFailure {
        GitFailure(.configuration, "cannot read the token in '\(path)': \(why)", hint: "write the token into that file")
    }
}
