/// What the instructions of a `Containerfile` say of images, read one after the other.
struct ContainerfileReading {
    private(set) var bases: [Containerfile.Base] = []
    private(set) var composed: [String] = []
    /// Of the stages so far that have one.
    private(set) var names: Set<String> = []
    /// Of the stages so far.
    private(set) var count = 0

    private static let longestValue = 256
    private static let longestWord = 256
    private static let mostArguments = 256

    private let pattern =
        #/\$(?:\{(?<braced>[A-Za-z_]\w*)(?::(?<mode>[-+])(?<word>[^}]*))?\}|(?<plain>[A-Za-z_]\w*))/#
    private var arguments: [String: String] = [:]
    private var declared = 0
    /// An argument may put more than one option into a mount.
    private var hasComma = false
    private var seen: Set<Containerfile.Base> = []
    /// The stages that count, where lines may stand for instructions that are none.
    private let sure: (names: Set<String>, count: Int)?

    init(_ instructions: [[UInt8]]) {
        sure = nil
        for instruction in instructions { read(ContainerfileWords(instruction[...])) }
    }

    /// Of lines that may be no instructions at all: `from os import path` is none of a `Containerfile`.
    init(_ instructions: [[UInt8]], stages: Set<String>, count: Int) {
        sure = (stages, count)
        for instruction in instructions { read(ContainerfileWords(instruction[...])) }
    }

    private mutating func read(_ words: ContainerfileWords) {
        guard !words.isCrowded else {
            composed.append(Containerfile.crowded)
            return
        }
        switch words.keyword {
        case "arg", "env": declare(words)
        case "from": start(words)
        case "copy", "add":
            for flag in words.flags { copy(flag) }
        case "run":
            for flag in words.flags { mount(flag) }
        // No step of this build, unless it begins a stage with another of its own.
        case "onbuild" where sure != nil: leave(ContainerfileWords(words.rest), written: words.rest)
        default: break
        }
    }

    /// What a build does that begins with this one. Builders read these instructions once more, as a text of their own.
    private mutating func leave(_ words: ContainerfileWords, written: ArraySlice<UInt8>) {
        switch words.keyword {
        case "copy", "add", "run": read(words)
        case let keyword where keyword.utf8.allSatisfy((UInt8(ascii: "a")...UInt8(ascii: "z")).contains): break
        // Several may be one instruction then: `ONBUILD COP\`, `ONBUILD Y --from=image`.
        default: composed.append("ONBUILD " + String(decoding: written.prefix(64), as: UTF8.self))
        }
    }

    private mutating func declare(_ words: ContainerfileWords) {
        hasComma = hasComma || words.rest.contains(UInt8(ascii: ","))
        // Those of a stage are not for its beginning.
        guard words.keyword == "arg", count == 0 else { return }
        for word in words.words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            declared += 1
            guard parts.count == 2, declared <= Self.mostArguments else { continue }
            // One that doubles itself in each line fills all memory.
            arguments[String(parts[0])] = String(expanded(Self.unquoted(parts[1])).prefix(Self.longestValue))
        }
    }

    private mutating func start(_ words: ContainerfileWords) {
        let isNamed = words.words.dropFirst(words.loose + 1).first?.lowercased() == "as"
        guard sure == nil || isNamed || words.words.count <= words.loose + 1 else { return }
        for image in words.words.prefix(words.loose + 1) { use(image) }
        guard !words.words.isEmpty else { return }
        count += 1
        // Another name may be an image's to a builder.
        if isNamed, let name = words.words.dropFirst(words.loose + 2).first?.lowercased(),
            !name.contains(where: { "/:@$".contains($0) })
        {
            names.insert(name)
        }
    }

    private mutating func copy(_ flag: String) {
        let (name, value) = Self.parts(flag[...])
        if name.lowercased() == "--from" { use(value) } else if name.contains("$") { composed.append(flag) }
    }

    private mutating func mount(_ flag: String) {
        let (name, value) = Self.parts(flag[...])
        if name.contains("$") { composed.append(flag) }
        guard name.lowercased() == "--mount" else { return }
        let options = value.split(separator: ",").map { Self.parts($0) }
        // Arguments are put in before it is cut at its commas.
        let mayHoldMore = hasComma || value.contains(":-") || value.contains(":+")
        if options.contains(where: { $0.name.contains("$") || ($0.value.contains("$") && mayHoldMore) }) {
            composed.append(flag)
        }
        for (name, image) in options where Self.unquoted(name[...]).lowercased() == "from" { use(image) }
    }

    private mutating func use(_ quoted: String) {
        let image = Self.unquoted(quoted[...])
        let value = expanded(image)
        // What has no value cannot be told, and is asked for as it is written.
        let name = value.isEmpty ? image : value
        guard !image.isEmpty, name != "scratch", !isStage(name.lowercased()) else {
            if image.contains("$") { composed.append(image) }
            return
        }
        let base = Containerfile.Base(written: image, name: name)
        if seen.insert(base).inserted { bases.append(base) }
    }

    private func isStage(_ name: String) -> Bool {
        if let number = Int(name) { return (0..<min(count, sure?.count ?? count)).contains(number) }
        return names.contains(name) && sure?.names.contains(name) != false
    }

    private static func unquoted(_ text: Substring) -> String { String(text.filter { !"\"'\\`".contains($0) }) }

    private static func parts(_ option: Substring) -> (name: String, value: String) {
        let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts.first ?? ""), parts.count == 2 ? String(parts[1]) : "")
    }

    /// `$NAME`, `${NAME}`, `${NAME:-what it is when empty}`, `${NAME:+what it is when not}`.
    private func expanded(_ text: String) -> String {
        guard text.contains("$"), text.utf8.count <= Self.longestWord else { return text }
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
