internal import Model

/// Whether a program can be run out of an image's files, as the kernel and the engines look for it.
struct ImageProgram {
    let walk: ImageWalk
    /// In which it is run.
    let directory: String
    /// Of its environment; `nil` where it is not known here.
    let searchPath: [String]?

    /// Why `word` cannot be run; `nil` where it can, and where that cannot be told.
    func obstacle(of word: String) -> String? { obstacle(of: word, followed: 0) }

    /// Scripts that `env` finds for scripts: one that asks for itself never ends, in the container neither.
    private static let mostFollowed = 8

    private func obstacle(of word: String, followed: Int) -> String? {
        guard followed < Self.mostFollowed else { return nil }
        guard !word.utf8.contains(UInt8(ascii: "/")) else { return obstacle(at: word, followed: followed) }
        guard let searchPath else { return nil }
        var ends: [ImageWalk.End] = []
        for place in searchPath {
            let end = walk.end(of: absolute("\(place.isEmpty ? "." : place)/\(word)"))
            switch end {
            case .unknown: return nil
            case .found(.file(executable: true), let names): return obstacle(startingWith: names, followed: followed)
            default: ends.append(end)
            }
        }
        let shown = ForeignText(searchPath.joined(separator: ":"), limit: 200)
        return ends.compactMap(Self.reason).first { $0 == Self.notExecutable }
            ?? "is in no directory of its PATH ('\(shown)')"
    }

    /// Why the file at `path` cannot be run.
    private func obstacle(at path: String, followed: Int) -> String? {
        let end = walk.end(of: absolute(path))
        if case .found(.file(executable: true), let names) = end {
            return obstacle(startingWith: names, followed: followed)
        }
        return Self.reason(end)
    }

    /// Why what a file names at `path` to bring it up cannot do so; what that asks for in turn is left to the kernel.
    private func obstacle(atInterpreter path: String) -> String? { Self.reason(walk.end(of: absolute(path))) }

    private static let notExecutable = "is not executable"

    private static func reason(_ end: ImageWalk.End) -> String? {
        switch end {
        case .unknown, .found(.file(executable: true), _), .found(.unknown, _), .found(.link, _): nil
        case .found(.directory, _): "is a directory"
        case .found(.file, _): notExecutable
        case .found(.other, _): "is no file"
        case .missing(let isLink): isLink ? "leads to what is not in the image" : "is not in the image"
        case .blocked: "has a file for a directory"
        case .circle: "leads round in a circle"
        }
    }

    /// What a file asks for that shall be run: an interpreter of scripts, or what brings its libraries.
    private func obstacle(startingWith names: [String], followed: Int) -> String? {
        let beginning = walk.tree.beginning(of: names)
        if let line = ScriptLine(beginning) {
            let shown = "begins with '#!\(ForeignText(line.interpreter, limit: 100))'"
            if let reason = obstacle(atInterpreter: line.interpreter) { return "\(shown), which \(reason)" }
            guard let program = line.wanted, !program.utf8.contains(UInt8(ascii: "/")) else { return nil }
            return obstacle(of: program, followed: followed + 1).map {
                "asks for '\(ForeignText(program, limit: 100))', which \($0)"
            }
        }
        guard let loader = ELFLoader.path(in: beginning), loader.utf8.first == UInt8(ascii: "/"),
            let reason = obstacle(atInterpreter: loader)
        else { return nil }
        return "needs '\(ForeignText(loader, limit: 100))', which \(reason)"
    }

    private func absolute(_ path: String) -> String {
        path.utf8.first == UInt8(ascii: "/") ? path : "\(directory)/\(path)"
    }
}

/// The first line of a script.
struct ScriptLine {
    let interpreter: String
    /// The program that `env` looks for.
    let wanted: String?

    /// The kernel reads no more.
    private static let longest = 255

    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "!")]) else { return nil }
        let line = bytes.dropFirst(2).prefix(Self.longest - 2).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        let words = line.split(maxSplits: 1) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .map { String(decoding: $0, as: UTF8.self) }
        guard let first = words.first else { return nil }
        interpreter = first
        // The rest is one word, whatever spaces it has.
        let rest = words.dropFirst().first?.split { $0 == " " || $0 == "\t" } ?? []
        let isPlain = rest.count == 1 && !(rest.first?.hasPrefix("-") ?? true) && rest.first?.contains("=") != true
        wanted = first.pathParts.last == "env" && isPlain ? rest.first.map(String.init) : nil
    }
}

/// What a program of Linux names to bring its libraries: `/lib64/ld-linux-x86-64.so.2`.
enum ELFLoader {
    /// `nil` for another file, and for a program that needs none.
    static func path(in bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]), bytes.count > 64, bytes[5] == 1 else { return nil }
        let isWide = bytes[4] == 2
        guard let table = number(bytes, isWide ? 32 : 28, isWide ? 8 : 4),
            let size = number(bytes, isWide ? 54 : 42, 2),
            let count = number(bytes, isWide ? 56 : 44, 2), table < bytes.count
        else { return nil }
        for start in (0..<count).map({ table + $0 * size }) where number(bytes, start, 4) == 3 {
            guard let offset = number(bytes, start + (isWide ? 8 : 4), isWide ? 8 : 4),
                let length = number(bytes, start + (isWide ? 32 : 16), isWide ? 8 : 4),
                length <= bytes.count, offset <= bytes.count - length
            else { return nil }
            return String(decoding: bytes[offset..<(offset + length)].prefix { $0 != 0 }, as: UTF8.self)
        }
        return nil
    }

    /// `nil` beyond the end, and for what no file is as long as.
    private static func number(_ bytes: [UInt8], _ start: Int, _ size: Int) -> Int? {
        guard start >= 0, start <= bytes.count - size else { return nil }
        let value = bytes[start..<(start + size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return value < 1 << 40 ? Int(value) : nil
    }
}
