/// Whatever line of a `Containerfile` may be the beginning of an instruction that names an image.
///
/// Builders do not agree where one ends: they know here-documents or none, take `\\` at the end of a line for a
/// continuation or not, and look for `# escape=` in the first line or in several. What is no instruction to one of them
/// may be run by another.
struct PossibleInstructions {
    private static let names = ["arg", "env", "from", "copy", "add", "run", "onbuild"]
    private static let escapes = [UInt8(ascii: "\\"), UInt8(ascii: "`")]
    /// Bytes to be joined; the same lines may go on many instructions.
    private static let most = 4 << 20

    private(set) var instructions: [[UInt8]] = []
    /// Not all lines were read.
    private(set) var isCut = false
    private let text: ContainerfileText
    private var joined = 0

    init(_ text: ContainerfileText) {
        self.text = text
        let escapes = Self.escapes.prefix(text.mayChooseEscape ? 2 : 1)
        for index in text.lines.indices where !isCut && Self.mayBegin(text.lines[index]) {
            let line = text.lines[index]
            for escape in escapes {
                add(from: index, escape)
                // Where it is an escaped one, the line ends.
                if line.suffix(2).elementsEqual([escape, escape]) { instructions.append(Array(line)) }
            }
        }
    }

    private mutating func add(from index: Int, _ escape: UInt8) {
        var instruction: [UInt8] = []
        for line in text.lines[index...] {
            joined += line.count + 1
            guard joined <= Self.most else {
                isCut = true
                return
            }
            guard !line.isCommentOrEmpty else { continue }
            guard line.last == escape else {
                instruction += line
                break
            }
            instruction += line.dropLast()
        }
        instructions.append(instruction)
    }

    /// Its name may go on in the next line.
    private static func mayBegin(_ line: ContainerfileText.Line) -> Bool {
        let words = ContainerfileWords(line.prefix(64))
        guard let last = words.keyword.utf8.last else { return false }
        guard escapes.contains(last) else { return names.contains(words.keyword) }
        return names.contains { $0.hasPrefix(words.keyword.dropLast()) }
    }
}

extension ContainerfileText {
    fileprivate var mayChooseEscape: Bool {
        lines.prefix { $0.isCommentOrEmpty }.contains {
            String(decoding: $0, as: UTF8.self).lowercased().contains("escape")
        }
    }
}
