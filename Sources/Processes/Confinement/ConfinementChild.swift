internal import CLinux
internal import Glibc

/// The hidden subcommand `fairlead internal-confine`: gives up what a program does not need, and becomes that program.
public enum ConfinementChild {
    public static let subcommand = "internal-confine"

    /// `arguments`: `--read PATH`, `--write PATH`, `--foreign PATH`, `--unpack PATH` and `--browse PATH`, a directory with
    /// files of others that it reads; `--`, the program and its arguments. Returns only when it cannot: the exit status.
    public static func main(_ arguments: [String]) -> Int32 {
        guard let request = Request(arguments) else { return fail("the arguments are wrong", code: nil) }
        var confined = Confined()
        confined.readable = [String(request.program[..<request.nameStart])] + request.reading
        confined.writable = request.writing
        confined.capabilities = request.capabilities
        if let foreign = request.foreign {
            let descriptor = linux_open_without_links(foreign, linux_o_path | O_DIRECTORY)
            guard descriptor >= 0 || errno == ENOENT else { return fail("cannot open '\(foreign)'") }
            if descriptor >= 0 { confined.writableDescriptors.append(descriptor) }
        }
        if let directory = request.unpacking {
            guard access(directory, F_OK) == 0 else { return fail("cannot open '\(directory)'") }
            confined.writable.append(directory)
        }
        switch confined.apply() {
        case .confined: break
        case .withoutLandlock where request.foreign == nil: break
        case .withoutLandlock:
            return fail("the kernel has no Landlock, without which a directory may lead anywhere", code: nil)
        case .failed(let reason): return fail("cannot give up rights: \(reason)", code: nil)
        }
        // By its name alone, as a shell starts it: what it says of itself begins with that.
        var words = ([String(request.program[request.nameStart...])] + request.arguments).map { strdup($0) } + [nil]
        execv(request.program, &words)
        return fail("cannot start '\(request.program)'")
    }

    private struct Request {
        var reading: [String] = []
        var writing: [String] = []
        var foreign: String?
        var unpacking: String?
        var readsOthers = false
        var program = ""
        var arguments: [String] = []

        init?(_ words: [String]) {
            var rest = words[...]
            while let word = rest.popFirst(), word != "--" {
                guard let path = rest.popFirst() else { return nil }
                switch word {
                case "--read": reading.append(path)
                case "--write": writing.append(path)
                case "--foreign": foreign = path
                case "--unpack": unpacking = path
                case "--browse":
                    reading.append(path)
                    readsOthers = true
                default: return nil
                }
            }
            guard let program = rest.popFirst(), program.hasPrefix("/") else { return nil }
            self.program = program
            arguments = Array(rest)
        }

        /// Of the program, behind its directory.
        var nameStart: String.Index {
            program.lastIndex(of: "/").map { program.index(after: $0) } ?? program.startIndex
        }

        var capabilities: Confined.Capabilities {
            if unpacking != nil { return .unpacking }
            if foreign != nil { return .files }
            return readsOthers ? .reading : []
        }
    }

    private static func fail(_ reason: String, code: Int32? = errno) -> Int32 {
        let why = code.map { ": \(String(cString: strerror($0)))" } ?? ""
        let line = Array("fairlead: \(reason)\(why)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        return 126
    }
}
