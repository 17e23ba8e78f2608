/// What the kernel says of a process in one line.
struct ProcessStat {
    /// Of its program, at most 15 characters.
    let name: String
    let parent: Int32
    /// Ended; nobody has collected it yet.
    let isDead: Bool

    /// `nil` when there is no such process.
    init?(of process: Int32) {
        guard let bytes = ProcessFile.read("stat", of: process) else { return nil }
        // The name in brackets may have any signs.
        let line = String(decoding: bytes, as: UTF8.self)
        guard let begin = line.firstIndex(of: "("), let end = line.lastIndex(of: ")"), begin < end else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 1, let parent = Int32(fields[1]) else { return nil }
        name = String(line[line.index(after: begin)..<end])
        self.parent = parent
        isDead = ["Z", "X", "x"].contains(fields[0])
    }
}
