internal import Commands
internal import GitSource
internal import Glibc
internal import Processes

StandardStreams.secure()

// A network operation of the git adapter, in a process that can be killed past its deadline.
if CommandLine.arguments.dropFirst().first == GitChild.subcommand { exit(GitChild.main()) }

// A program that reads and writes what strangers send, in a process that can do nothing else.
if CommandLine.arguments.dropFirst().first == ConfinementChild.subcommand {
    exit(ConfinementChild.main(Array(CommandLine.arguments.dropFirst(2))))
}

exit(await Program.run(Array(CommandLine.arguments.dropFirst()), in: .process).rawValue)
