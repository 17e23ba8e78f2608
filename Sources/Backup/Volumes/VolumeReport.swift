internal import Model

/// What the script says of the copy of one volume; a pure function judges it.
struct VolumeReport: Hashable, Sendable {
    /// Exit status of each program that took part, in their order.
    var ended: [(program: String, status: Int)] { steps.map { ($0.program, $0.status) } }
    private let steps: [Step]
    /// Lines that they said.
    let said: [String]
    /// That a dump wrote.
    let dumped: Int64?
    /// Files and directories in the tree.
    let count: Int64?

    private struct Step: Hashable, Sendable {
        let program: String
        let status: Int
    }

    /// The content of `VOLUME.ended`, `.said`, `.bytes` and `.count`; empty where there is no such file.
    init(ended: String, said: String, bytes: String = "", count: String = "") {
        steps = ended.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let status = Int(words[1]) else { return nil }
            return Step(program: String(words[0]), status: status)
        }
        self.said = Self.lines(said)
        dumped = bytes.split(separator: "\n").last.flatMap { Int64($0.prefix { $0.isNumber }) }
        self.count = Int64(count.filter(\.isNumber))
    }

    /// No path that tar or restic names makes a longer one.
    private static let longestLine = 32 << 10

    /// What a dump writes to its standard error stands among them, and may be one line of millions of marks, which Swift takes
    /// hours to compare with anything.
    private static func lines(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n")).map {
            String(decoding: Array($0.prefix(longestLine)).withoutCrowds, as: UTF8.self)
        }
    }

    func status(of program: String) -> Int? { steps.first { $0.program == program }?.status }

    /// The last of those that failed: the ones before it only lost their reader.
    var failed: (program: String, status: Int)? { ended.last { $0.status != 0 } }
}
