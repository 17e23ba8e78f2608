/// Which images a `Containerfile` starts from or copies from; nothing else of it is understood here.
public struct Containerfile: Sendable {
    /// An image that the build does not make itself.
    public struct Base: Hashable, Sendable {
        /// As it stands there, without quotes: `debian:${RELEASE}`.
        public let written: String
        /// With the defaults of the build's arguments put in: `debian:12`.
        public let name: String

        public init(written: String, name: String) {
            self.written = written
            self.name = name
        }
    }

    /// In the order of the file, each once.
    public private(set) var bases: [Base] = []
    /// What is put together from arguments, and seems to be no image from elsewhere; as written.
    public private(set) var composed: [String] = []
    private var arguments: [String: String] = [:]
    /// Names of the stages so far; one without a name is empty.
    private var stages: [String] = []

    public init(_ text: String) {
        for instruction in ContainerfileLines(text).instructions { read(instruction) }
    }

    private mutating func read(_ instruction: String) {
        let words = instruction.split(whereSeparator: \.isWhitespace).map(String.init)
        let rest = words.dropFirst()
        switch words.first?.uppercased() {
        // Those of a stage are not for its beginning.
        case "ARG" where stages.isEmpty:
            for argument in rest { declare(argument) }
        case "FROM": start(rest)
        case "COPY", "ADD":
            for image in Self.flags(rest, named: "--from") { use(image) }
        case "RUN":
            let mounts = Self.flags(rest, named: "--mount").flatMap { $0.split(separator: ",") }
            for image in mounts.compactMap({ $0.valueAfter("from=") }) { use(image) }
        default: break
        }
    }

    private mutating func declare(_ argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        arguments[String(parts[0])] = expanded(Self.unquoted(parts[1]))
    }

    private mutating func start(_ words: ArraySlice<String>) {
        let words = words.drop { $0.hasPrefix("--") }
        guard let image = words.first else { return }
        use(image)
        let isNamed = words.dropFirst().first?.uppercased() == "AS"
        stages.append(isNamed ? words.dropFirst(2).first?.lowercased() ?? "" : "")
    }

    private mutating func use(_ quoted: String) {
        let image = Self.unquoted(quoted[...])
        let value = expanded(image)
        // What has no value cannot be told, and is asked for as it is written.
        let name = value.isEmpty ? image : value
        let isNumber = Int(name).map { stages.indices.contains($0) } ?? false
        if image.isEmpty || name == "scratch" || isNumber || stages.contains(name.lowercased()) {
            if image.contains("$") { composed.append(image) }
            return
        }
        let base = Base(written: image, name: name)
        if !bases.contains(base) { bases.append(base) }
    }

    private static func unquoted(_ text: Substring) -> String { String(text.filter { $0 != "\"" && $0 != "'" }) }

    private static func flags(_ words: ArraySlice<String>, named name: String) -> [String] {
        words.prefix { $0.hasPrefix("--") }.compactMap { $0[...].valueAfter(name + "=") }
    }

    /// `$NAME`, `${NAME}`, `${NAME:-what it is when empty}`, `${NAME:+what it is when not}`.
    private func expanded(_ text: String) -> String {
        let pattern = #/\$(?:\{(?<braced>[A-Za-z_]\w*)(?::(?<mode>[-+])(?<word>[^}]*))?\}|(?<plain>[A-Za-z_]\w*))/#
        return text.replacing(pattern) { match in
            let value = arguments[String(match.output.braced ?? match.output.plain ?? "")] ?? ""
            let word = match.output.word.map(String.init) ?? ""
            switch match.output.mode {
            case "-": return value.isEmpty ? word : value
            case "+": return value.isEmpty ? "" : word
            default: return value
            }
        }
    }
}

extension Substring {
    fileprivate func valueAfter(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
