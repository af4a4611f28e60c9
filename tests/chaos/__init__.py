"""The real bot as a process among people, faults and kills: does it keep its promises?"""
